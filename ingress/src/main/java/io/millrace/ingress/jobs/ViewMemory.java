package io.millrace.ingress.jobs;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the memory of all stores of the view together.
 *
 * <p>On its defaults each of some 50 stores may take 50 MiB of cache and 48 MiB of write buffers.
 * Kafka Streams makes it by its name, so that what the stores share has to be static.
 */
public final class ViewMemory implements RocksDBConfigSetter {

    private static final long CACHE_BYTES = 48L * 1024 * 1024;
    private static final long BUFFERS_BYTES = 32L * 1024 * 1024;
    private static final long BUFFER_BYTES = 2L * 1024 * 1024;

    static {
        org.rocksdb.RocksDB.loadLibrary();
    }

    private static final Cache CACHE = new LRUCache(CACHE_BYTES);
    private static final WriteBufferManager BUFFERS = new WriteBufferManager(BUFFERS_BYTES, CACHE);

    /** Made by Kafka Streams. */
    public ViewMemory() {}

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
            table.setBlockCache(CACHE);
            table.setCacheIndexAndFilterBlocks(true);
            options.setTableFormatConfig(table);
        }
        options.setWriteBufferManager(BUFFERS);
        options.setWriteBufferSize(BUFFER_BYTES);
        options.setMaxWriteBufferNumber(2);
        // by default each opening starts some 30 threads: a third of the time of a warm start's
        options.setMaxFileOpeningThreads(1);
        // by default each opening leaves an empty log file behind, up to 1,000 of them
        options.setKeepLogFileNum(1);
        options.setSkipStatsUpdateOnDbOpen(true);
    }

    @Override
    public void close(String storeName, Options options) {
        // what is shared lives as long as the process
    }
}
