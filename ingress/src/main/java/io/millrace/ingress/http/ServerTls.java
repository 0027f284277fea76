package io.millrace.ingress.http;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.pki.PemKeys;
import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that a listener shows, and whose clients it serves.
 *
 * <p>Other ingresses of a deployment show each other the same kind of certificate as clients:
 * theirs is trusted if the JVM trusts it or if it comes from the chain of our own.
 */
public final class ServerTls {

    private static final char[] NO_PASSWORD = new char[0];

    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final List<X509Certificate> clientAuthorities;

    private ServerTls(
            PrivateKey key, List<X509Certificate> chain, List<X509Certificate> clientAuthorities) {
        this.key = key;
        this.chain = chain;
        this.clientAuthorities = clientAuthorities;
    }

    /**
     * Reads a certificate with its key.
     *
     * @param certificate PEM, the server's first, then those that vouch for it
     * @param key PEM, PKCS#8 without a passphrase
     * @throws IllegalArgumentException when they are not that, or do not belong together
     */
    public static ServerTls of(String certificate, String key) {
        List<X509Certificate> chain = certificates(certificate);
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1)
                    .getIssuerX500Principal()
                    .equals(chain.get(i).getSubjectX500Principal())) {
                throw new IllegalArgumentException(
                        "certificate %d does not vouch for the one before it".formatted(i + 1));
            }
        }
        PrivateKey secret = privateKey(key);
        if (!belongTogether(secret, chain.getFirst())) {
            throw new IllegalArgumentException("does not belong to the certificate");
        }
        return new ServerTls(secret, chain, List.of());
    }

    /**
     * Returns the same that serves only clients with a certificate signed by one of those.
     *
     * @param authorities PEM
     * @throws IllegalArgumentException when it has no certificate in it
     */
    public ServerTls forClientsOf(String authorities) {
        return new ServerTls(key, chain, certificates(authorities));
    }

    /** Returns what a listener is given. */
    public Tls listener() {
        var tls = Tls.builder().privateKey(key).privateKeyCertChain(chain);
        if (!clientAuthorities.isEmpty()) {
            tls.clientAuth(TlsClientAuth.REQUIRED).trust(clientAuthorities);
        }
        return tls.build();
    }

    /** Returns what one ingress asks another with. */
    public SSLContext peers() {
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trustOfPeers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("this JVM cannot speak TLS", e);
        }
    }

    private TrustManager[] trustOfPeers() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        int n = 0;
        for (TrustManager manager : managers(null)) {
            if (manager instanceof X509TrustManager jvm) {
                for (X509Certificate issuer : jvm.getAcceptedIssuers()) {
                    trusted.setCertificateEntry("jvm-" + n++, issuer);
                }
            }
        }
        for (X509Certificate each : chain) {
            trusted.setCertificateEntry("own-" + n++, each);
        }
        return managers(trusted);
    }

    private static TrustManager[] managers(@Nullable KeyStore trusted)
            throws GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted); // null: what the JVM trusts
        return factory.getTrustManagers();
    }

    private static boolean belongTogether(PrivateKey secret, X509Certificate certificate) {
        byte[] text = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(signatureOf(secret));
            signature.initSign(secret);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false; // keys of different kinds
        }
    }

    private static String signatureOf(PrivateKey secret) {
        return switch (secret.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> secret.getAlgorithm(); // EdDSA and others are named like their keys
        };
    }

    private static List<X509Certificate> certificates(String pem) {
        try {
            List<X509Certificate> found =
                    keys(PemKeys.builder().certificates(Resource.create("PEM", pem))).certs();
            if (!found.isEmpty()) {
                return List.copyOf(found);
            }
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("is no PEM of certificates", e);
        }
        throw new IllegalArgumentException("has no certificate in it");
    }

    private static PrivateKey privateKey(String pem) {
        try {
            return keys(PemKeys.builder().key(Resource.create("PEM", pem)))
                    .privateKey()
                    .orElseThrow();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("is no PEM of a PKCS#8 key without passphrase", e);
        }
    }

    private static Keys keys(PemKeys.Builder pem) {
        return Keys.builder().pem(pem.build()).build();
    }
}
