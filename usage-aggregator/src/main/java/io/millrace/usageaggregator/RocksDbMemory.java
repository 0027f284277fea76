package io.millrace.usageaggregator;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The memory that all stores of the process share: blocks, indexes, filters and write buffers
 * together, however many partitions there are. By default each store has 50 MB and more of its own.
 */
final class RocksDbMemory implements AutoCloseable {

    static {
        RocksDB.loadLibrary();
    }

    private static final long TOTAL_BYTES = 32L * 1024 * 1024;
    private static final long WRITE_BUFFER_BYTES = 16L * 1024 * 1024;

    private final Cache cache = new LRUCache(TOTAL_BYTES);
    // write buffers are booked as a part of the cache
    private final WriteBufferManager writeBuffers =
            new WriteBufferManager(WRITE_BUFFER_BYTES, cache);

    Cache cache() {
        return cache;
    }

    WriteBufferManager writeBuffers() {
        return writeBuffers;
    }

    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
    }
}
