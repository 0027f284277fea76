package io.millrace.schemas.serde;

import io.millrace.schemas.avro.SlotRecord;
import org.apache.avro.util.ClassSecurityValidator;

/** Tells Avro that our generated classes may be loaded, which since 1.12.2 it refuses otherwise. */
final class AvroTrust {

    private static final String OURS = SlotRecord.class.getPackageName();

    static {
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(
                        ClassSecurityValidator.DEFAULT, c -> c.getPackageName().equals(OURS)));
    }

    private AvroTrust() {}

    /** Returns after the trust is in place; to be called before the first record is read. */
    static void install() {
        // the class initializer has done it
    }
}
