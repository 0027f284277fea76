package io.millrace.ingress.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The ids seen so far, kept as 64 bits of their SHA-256: for a million ids the chance that two
 * different ones are taken for the same is 1 in 37 million. Not thread-safe.
 */
final class SeenIds {

    private static final int FIRST_SIZE = 1024;
    private static final long FREE = 0;

    private final MessageDigest sha256 = sha256();
    private long[] table = new long[FIRST_SIZE];
    private int count;

    /** Adds an id and returns whether it was new. */
    boolean add(String id) {
        if (count * 2 >= table.length) {
            grow();
        }
        boolean added = put(table, hash(id));
        count += added ? 1 : 0;
        return added;
    }

    /** Returns whether an id was added. */
    boolean contains(String id) {
        long hash = hash(id);
        int mask = table.length - 1;
        int at = (int) hash & mask;
        while (table[at] != FREE && table[at] != hash) {
            at = (at + 1) & mask;
        }
        return table[at] == hash;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        Arrays.stream(table).filter(hash -> hash != FREE).forEach(hash -> put(larger, hash));
        table = larger;
    }

    private static boolean put(long[] into, long hash) {
        int mask = into.length - 1;
        int at = (int) hash & mask;
        while (into[at] != FREE) {
            if (into[at] == hash) {
                return false;
            }
            at = (at + 1) & mask;
        }
        into[at] = hash;
        return true;
    }

    private long hash(String id) {
        long hash = ByteBuffer.wrap(sha256.digest(id.getBytes(StandardCharsets.UTF_8))).getLong();
        return hash == FREE ? 1 : hash;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
