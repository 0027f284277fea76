package io.millrace.servicekit.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What services show each other on inner routes: derived from the master key they share.
 *
 * @param value 64 hexadecimal digits
 */
public record InternalCredential(String value) {

    /** The header it travels in. */
    public static final String HEADER = "X-Millrace-Internal";

    private static final int MIN_KEY_BYTES = 32;
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public InternalCredential {
        if (!FORM.matcher(value).matches()) {
            // the value itself is a secret, even a wrong one
            throw new IllegalArgumentException("an internal credential has 64 hexadecimal digits");
        }
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
        try {
            Mac hmac = Mac.getInstance("HmacSHA256");
            hmac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] derived = hmac.doFinal("millrace-internal".getBytes(StandardCharsets.UTF_8));
            return new InternalCredential(HexFormat.of().formatHex(derived));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** Returns whether the header's value is this credential, in time that tells nothing. */
    public boolean matches(String shown) {
        return MessageDigest.isEqual(
                value.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "InternalCredential[***]";
    }
}
