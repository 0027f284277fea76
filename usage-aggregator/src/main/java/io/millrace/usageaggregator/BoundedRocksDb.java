package io.millrace.usageaggregator;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;

/**
 * Gives each store its part of a {@link RocksDbMemory}. Public with a public constructor, because
 * Kafka Streams makes it by its name; the memory comes with the settings, so nothing is static.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {

    /** The setting that holds the {@link RocksDbMemory}. */
    static final String MEMORY = "millrace.rocksdb.memory";

    private static final long WRITE_BUFFER_BYTES = 1024L * 1024;
    private static final int WRITE_BUFFERS = 2;
    private static final int OPEN_FILES = 64;

    @Override
    public void setConfig(String store, Options options, Map<String, Object> settings) {
        if (!(settings.get(MEMORY) instanceof RocksDbMemory memory)) {
            throw new IllegalStateException("the setting %s is missing".formatted(MEMORY));
        }
        if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
            table.setBlockCache(memory.cache());
            table.setCacheIndexAndFilterBlocks(true);
            table.setPinTopLevelIndexAndFilter(true);
            options.setTableFormatConfig(table);
        }
        options.setWriteBufferManager(memory.writeBuffers());
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(WRITE_BUFFERS);
        options.setMaxOpenFiles(OPEN_FILES);
        options.setKeepLogFileNum(1);
        // by default each opening starts some 30 threads: most of its time when the store is small
        options.setMaxFileOpeningThreads(1);
        options.setSkipStatsUpdateOnDbOpen(true);
    }

    @Override
    public void close(String store, Options options) {
        // the memory is shared, and closed with the service
    }
}
