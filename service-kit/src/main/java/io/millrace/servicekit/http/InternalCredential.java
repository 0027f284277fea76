package io.millrace.servicekit.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What services show each other on inner routes, and keys that they share without showing them: all
 * derived from the master key. Immutable.
 */
public final class InternalCredential {

    /** The header it travels in. */
    public static final String HEADER = "X-Millrace-Internal";

    private static final String ALGORITHM = "HmacSHA256";
    private static final String SHOWN = "millrace-internal";
    private static final String SHARED = "millrace-shared-";
    private static final int MIN_KEY_BYTES = 32;

    private final SecretKeySpec master;
    private final String value;

    private InternalCredential(byte[] master) {
        this.master = new SecretKeySpec(master, ALGORITHM);
        this.value = HexFormat.of().formatHex(hmac(SHOWN));
    }

    /**
     * Derives it.
     *
     * @throws IllegalArgumentException when the master key is shorter than 32 bytes
     */
    public static InternalCredential of(String masterKey) {
        byte[] key = masterKey.getBytes(StandardCharsets.UTF_8);
        if (key.length < MIN_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "must have at least %d bytes, but has %d".formatted(MIN_KEY_BYTES, key.length));
        }
        return new InternalCredential(key);
    }

    /** Returns what travels: 64 hexadecimal digits. */
    public String value() {
        return value;
    }

    /**
     * Returns a key that all who have the master key share: 32 bytes, which do not follow from what
     * travels.
     *
     * @param purpose one key for each
     */
    public byte[] key(String purpose) {
        return hmac(SHARED + purpose);
    }

    /** Returns whether the header's value is this credential, in time that tells nothing. */
    public boolean matches(String shown) {
        return MessageDigest.isEqual(
                value.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] hmac(String text) {
        try {
            Mac hmac = Mac.getInstance(ALGORITHM);
            hmac.init(master);
            return hmac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "InternalCredential[***]";
    }
}
