package io.millrace.schemas.blob;

import io.millrace.schemas.avro.BlobRef;
import io.millrace.schemas.avro.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Checks large payloads in and out: inline up to 512 KiB, in the blob store above. Thread-safe. */
public final class ClaimCheck {

    /** The most bytes a payload may have to travel inline. */
    public static final int INLINE_BYTES = 512 * 1024;

    private final BlobStore store;

    /** Uses that store for what is too large. */
    public ClaimCheck(BlobStore store) {
        this.store = store;
    }

    /**
     * Returns the payload of the bytes.
     *
     * @param key where they go in the store when they are too large to travel inline
     * @throws IOException when they cannot be stored
     */
    public Payload checkIn(byte[] bytes, String key) throws IOException {
        if (bytes.length <= INLINE_BYTES) {
            return new Payload(ByteBuffer.wrap(bytes), null);
        }
        return new Payload(null, store.put(key, new ByteArrayInputStream(bytes)));
    }

    /**
     * Returns the bytes of the payload; those of one with neither branch are none.
     *
     * @throws IOException when the store does not give them out as they were checked in
     */
    public byte[] checkOut(Payload payload) throws IOException {
        ByteBuffer inline = payload.getInline();
        if (inline != null) {
            byte[] bytes = new byte[inline.remaining()];
            inline.duplicate().get(bytes);
            return bytes;
        }
        BlobRef ref = payload.getBlob();
        return ref == null ? new byte[0] : fetched(ref);
    }

    private byte[] fetched(BlobRef ref) throws IOException {
        try (InputStream in = store.open(ref)) {
            byte[] bytes = in.readNBytes(Math.clamp(ref.getSize(), 0, Integer.MAX_VALUE));
            if (bytes.length != ref.getSize() || in.read() >= 0) {
                throw new IOException(
                        "blob %s does not have the %d bytes it was stored with"
                                .formatted(ref.getKey(), ref.getSize()));
            }
            return bytes;
        }
    }
}
