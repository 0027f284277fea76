package io.millrace.ingress.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret that signs events, after Standard Webhooks 1.0. Immutable. */
final class SigningSecret {

    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST = 24;
    private static final int MOST = 64;
    private static final int SHOWN = 4;

    private final byte[] key;

    SigningSecret(byte[] key) {
        if (key.length < LEAST || key.length > MOST) {
            throw new IllegalArgumentException(
                    "a signing secret has %d to %d bytes".formatted(LEAST, MOST));
        }
        this.key = key.clone();
    }

    /** Returns the secret that a text is, {@code whsec_} before base64 or not, or none. */
    static Optional<SigningSecret> parse(String text) {
        try {
            byte[] key =
                    Base64.getDecoder()
                            .decode(
                                    text.startsWith(PREFIX)
                                            ? text.substring(PREFIX.length())
                                            : text);
            return key.length < LEAST || key.length > MOST
                    ? Optional.empty()
                    : Optional.of(new SigningSecret(key));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Returns it as its owner needs it; to be shown once. */
    String text() {
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    /** Returns what may be shown again, so that its owner knows which one it is. */
    String hint() {
        String text = text();
        return PREFIX + "…" + text.substring(text.length() - SHOWN);
    }

    byte[] bytes() {
        return key.clone();
    }

    /**
     * Returns the signature of an event.
     *
     * @param id value of {@code webhook-id}
     * @param timestamp value of {@code webhook-timestamp}, in seconds
     */
    String sign(String id, long timestamp, byte[] body) {
        try {
            Mac hmac = Mac.getInstance(ALGORITHM);
            hmac.init(new SecretKeySpec(key, ALGORITHM));
            hmac.update("%s.%d.".formatted(id, timestamp).getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(hmac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "SigningSecret[***]";
    }
}
