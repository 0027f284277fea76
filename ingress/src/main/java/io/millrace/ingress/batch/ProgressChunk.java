package io.millrace.ingress.batch;

import java.nio.ByteBuffer;

/**
 * How far 1,024 neighbouring lines of a batch have come: a bit a line and the sums of those that
 * ended. Immutable.
 *
 * <p>A line that has ended is counted once, however often its result is seen.
 */
final class ProgressChunk {

    /** How many lines a chunk covers. */
    static final int LINES = 1024;

    /** A chunk of which no line has ended. */
    static final ProgressChunk EMPTY =
            new ProgressChunk(new long[LINES / Long.SIZE], Progress.NONE);

    private static final byte VERSION = 1;
    private static final int BYTES = 1 + LINES / Byte.SIZE + 4 * Integer.BYTES + 5 * Long.BYTES;

    private final long[] ended;
    private final Progress sums;

    private ProgressChunk(long[] ended, Progress sums) {
        this.ended = ended;
        this.sums = sums;
    }

    /** Returns the number, from 0, of the chunk that covers a line. */
    static int numberOf(int line) {
        return (line - 1) / LINES;
    }

    /** Returns whether the line has ended. */
    boolean hasEnded(int line) {
        return isSet(ended, line);
    }

    /** Returns the sums over the lines that ended. */
    Progress sums() {
        return sums;
    }

    /** Returns the chunk with the line ended; the same chunk when it was already. */
    ProgressChunk with(int line, LineEnd end) {
        if (hasEnded(line)) {
            return this;
        }
        return new ProgressChunk(set(ended, line), sums.plus(Progress.of(end)));
    }

    /** Returns the chunk as bytes that {@link #read} understands. */
    byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(BYTES).put(VERSION);
        for (long word : ended) {
            out.putLong(word);
        }
        TokenSums tokens = sums.tokens();
        out.putInt(sums.completed())
                .putInt(sums.failed())
                .putInt(sums.expired())
                .putInt(sums.cancelled())
                .putLong(tokens.input())
                .putLong(tokens.output())
                .putLong(tokens.cachedInput())
                .putLong(tokens.reasoning())
                .putLong(sums.costNanoUsd());
        return out.array();
    }

    /** Returns the chunk that the bytes hold. */
    static ProgressChunk read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        if (version != VERSION || bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "no progress chunk: version %d, %d bytes".formatted(version, bytes.length));
        }
        return new ProgressChunk(
                bits(in),
                new Progress(
                        in.getInt(),
                        in.getInt(),
                        in.getInt(),
                        in.getInt(),
                        new TokenSums(in.getLong(), in.getLong(), in.getLong(), in.getLong()),
                        in.getLong()));
    }

    private static long[] bits(ByteBuffer in) {
        long[] bits = new long[LINES / Long.SIZE];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = in.getLong();
        }
        return bits;
    }

    private static boolean isSet(long[] bits, int line) {
        int bit = (line - 1) % LINES;
        return (bits[bit / Long.SIZE] >>> bit & 1) == 1;
    }

    private static long[] set(long[] bits, int line) {
        int bit = (line - 1) % LINES;
        long[] changed = bits.clone();
        changed[bit / Long.SIZE] |= 1L << bit;
        return changed;
    }
}
