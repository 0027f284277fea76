package io.millrace.ingress.batch;

import java.nio.ByteBuffer;

/** A line of an input file as it came, without its line break. */
sealed interface RawLine {

    /** Returns the number of the line, from 1. */
    int number();

    /** Returns the byte offset in the file behind the line and its break. */
    long end();

    /** A line within the limit. */
    record Text(int number, long end, ByteBuffer text) implements RawLine {

        /** Returns whether it holds nothing but white space. */
        boolean blank() {
            for (int i = text.position(); i < text.limit(); i++) {
                if (!Character.isWhitespace(text.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** A line above the limit, whose bytes were not kept. */
    record TooLong(int number, long end) implements RawLine {}
}
