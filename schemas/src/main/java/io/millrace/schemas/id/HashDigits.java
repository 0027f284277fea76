package io.millrace.schemas.id;

import java.math.BigInteger;

/** The last 26 digits of an id that follows from a hash instead of being drawn. */
public final class HashDigits {

    private static final int DIGITS = 26;
    private static final int BASE = 36;

    private HashDigits() {}

    /** Returns the lowest digits of a hash of 17 bytes or more, in base 36. */
    public static String of(byte[] hash) {
        // leading zeros are no digits of a number: they are filled up
        String digits = "0".repeat(DIGITS) + new BigInteger(1, hash).toString(BASE);
        return digits.substring(digits.length() - DIGITS);
    }
}
