package io.millrace.ingress.control;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids of API keys, and the form their secrets are kept in. */
public final class KeyIds {

    private static final int DIGITS = 16;

    private KeyIds() {}

    /**
     * Returns the id of a key: safe to show, and the same when its secret is rotated.
     *
     * @param tenant name of its tenant; empty for an operator key
     */
    public static String of(String tenant, String name) {
        return "key_" + sha256("millrace key " + tenant + "/" + name).substring(0, DIGITS);
    }

    /** Returns the SHA-256 of a text in lower-case hexadecimal digits. */
    public static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
