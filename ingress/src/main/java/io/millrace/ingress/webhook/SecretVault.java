package io.millrace.ingress.webhook;

import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.InternalCredential;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets of endpoints, which nobody keeps: each follows from what all services share and from
 * the endpoint. What a client gave as a secret of its own is kept sealed, for its tenant only.
 * Thread-safe.
 */
final class SecretVault {

    private static final String HMAC = "HmacSHA256";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final byte[] root;
    private final RandomGenerator random;

    /**
     * Derives all from what ingresses share and never show.
     *
     * @param random cryptographically strong
     */
    SecretVault(InternalCredential shared, RandomGenerator random) {
        this.root = shared.key("webhooks");
        this.random = random;
    }

    /**
     * Returns a secret of an endpoint.
     *
     * @param number of the secret, one more at each rotation
     */
    SigningSecret of(TenantId tenant, String endpoint, int number) {
        return new SigningSecret(
                hmac(root, "sign\n%s\n%s\n%d".formatted(tenant, endpoint, number)));
    }

    /** Returns a client's own secret so that only this deployment can read it. */
    byte[] seal(TenantId tenant, SigningSecret secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, tenant, nonce, secret.bytes());
            byte[] both = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, both, NONCE_BYTES, sealed.length);
            return both;
        } catch (GeneralSecurityException e) {
            throw broken(e);
        }
    }

    /** Returns what was sealed, or none when it was for another tenant or by another master key. */
    Optional<SigningSecret> open(TenantId tenant, byte[] sealed) {
        if (sealed.length <= NONCE_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new SigningSecret(
                            cipher(
                                    Cipher.DECRYPT_MODE,
                                    tenant,
                                    Arrays.copyOf(sealed, NONCE_BYTES),
                                    Arrays.copyOfRange(sealed, NONCE_BYTES, sealed.length))));
        } catch (AEADBadTagException _) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw broken(e);
        }
    }

    private byte[] cipher(int mode, TenantId tenant, byte[] nonce, byte[] input)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(
                mode,
                new SecretKeySpec(hmac(root, "seal"), "AES"),
                new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(tenant.value().getBytes(StandardCharsets.UTF_8));
        return cipher.doFinal(input);
    }

    private static IllegalStateException broken(GeneralSecurityException e) {
        return new IllegalStateException("every Java platform has " + HMAC + " and " + CIPHER, e);
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac hmac = Mac.getInstance(HMAC);
            hmac.init(new SecretKeySpec(key, HMAC));
            return hmac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw broken(e);
        }
    }
}
