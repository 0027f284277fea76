package io.millrace.simulatedprovider.behaviour;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Where all chance comes from: generators that depend on the seed and on what they are for, never
 * on what was drawn elsewhere.
 */
public record Seed(long value) {

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    public RandomGenerator generator(long purpose) {
        return new SplittableRandom(mixed(value + GOLDEN_GAMMA * mixed(purpose)));
    }

    /** A number that stands for the text. */
    public static long hash(CharSequence text) {
        long hash = 0xcbf29ce484222325L; // FNV-1a, then mixed
        for (int at = 0; at < text.length(); at++) {
            hash = (hash ^ text.charAt(at)) * 0x100000001b3L;
        }
        return mixed(hash);
    }

    /** A number that stands for the bytes. */
    public static long hash(byte[] bytes) {
        long hash = 0xcbf29ce484222325L;
        for (byte next : bytes) {
            hash = (hash ^ (next & 0xff)) * 0x100000001b3L;
        }
        return mixed(hash);
    }

    /** A number that stands for both in this order. */
    public static long hash(long first, long second) {
        return mixed(mixed(first) + GOLDEN_GAMMA * second);
    }

    /**
     * Variant 13 of Stafford's mixers, as in SplittableRandom: every bit depends on every other.
     */
    private static long mixed(long bits) {
        long first = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        long second = (first ^ (first >>> 27)) * 0x94d049bb133111ebL;
        return second ^ (second >>> 31);
    }
}
