package io.millrace.schemas.serde;

import io.millrace.schemas.topic.Topic;
import org.apache.avro.SystemLimitException;

/**
 * Bounds what Avro allocates for bytes that merely claim to hold much: without, a length prefix of
 * a few bytes makes it allocate up to 2 GiB.
 *
 * <p>Avro takes its limits from system properties, once, when it decodes for the first time. One
 * that the operator has set already stays.
 */
final class AvroLimits {

    // Nothing within a record can be longer than the record, and an item takes a byte at least.
    private static final int MAX_BYTES = Topic.MAX_RECORD_BYTES;
    private static final int MAX_ITEMS = Topic.MAX_RECORD_BYTES;
    // a reference an item
    private static final int MAX_ITEM_BYTES = 8 * MAX_ITEMS;

    static {
        set(SystemLimitException.MAX_BYTES_LENGTH_PROPERTY, MAX_BYTES);
        set(SystemLimitException.MAX_STRING_LENGTH_PROPERTY, MAX_BYTES);
        set(SystemLimitException.MAX_COLLECTION_LENGTH_PROPERTY, MAX_ITEMS);
        set(SystemLimitException.MAX_COLLECTION_ALLOCATION_PROPERTY, MAX_ITEM_BYTES);
        set(SystemLimitException.MAX_DECOMPRESS_LENGTH_PROPERTY, MAX_BYTES);
    }

    private AvroLimits() {}

    /** Returns after the limits are in place; to be called before the first record is read. */
    static void install() {
        // the class initializer has done it
    }

    private static void set(String property, int limit) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, String.valueOf(limit));
        }
    }
}
