package io.millrace.simulatedprovider;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A JSON object with 1 GiB of padding, {@value #BLOCKS} blocks of {@value #BLOCK_SIZE} bytes. */
final class Gigabyte {

    static final int BLOCKS = 16 * 1024;
    static final int BLOCK_SIZE = 64 * 1024;
    static final byte[] START = bytes("{\"id\":\"huge\",\"padding\":\"");
    static final byte[] END = bytes("\"}");

    // Magic, deflate, no flags, no time, best compression, unknown system: RFC 1952.
    private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 2, (byte) 0xff};

    private Gigabyte() {}

    static byte[] block() {
        byte[] block = new byte[BLOCK_SIZE];
        Arrays.fill(block, (byte) 'a');
        return block;
    }

    /**
     * The object in gzip, about 1.3 MB. A full flush ends each block on a whole byte with nothing
     * remembered, so that one compressed block can be repeated.
     */
    static byte[] gzipped() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(GZIP_HEAD);
        CRC32 checksum = new CRC32();
        byte[] block = block();
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            all.writeBytes(deflated(deflater, START));
            checksum.update(START);
            byte[] compressed = deflated(deflater, block);
            for (int count = 0; count < BLOCKS; count++) {
                all.writeBytes(compressed);
                checksum.update(block);
            }
            deflater.setInput(END);
            deflater.finish();
            all.writeBytes(drained(deflater, Deflater.NO_FLUSH));
            checksum.update(END);
        }
        long size = (long) BLOCKS * BLOCK_SIZE + START.length + END.length;
        all.writeBytes(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt((int) checksum.getValue())
                        .putInt((int) size)
                        .array());
        return all.toByteArray();
    }

    private static byte[] deflated(Deflater deflater, byte[] input) {
        deflater.setInput(input);
        return drained(deflater, Deflater.FULL_FLUSH);
    }

    private static byte[] drained(Deflater deflater, int flush) {
        byte[] output = new byte[BLOCK_SIZE];
        return Arrays.copyOf(output, deflater.deflate(output, 0, output.length, flush));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
