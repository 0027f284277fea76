package io.millrace.servicekit.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Who may vouch for a server that is spoken to by TLS.
 *
 * @param authorities certificates, with none those of the JVM
 */
public record Trust(List<Certificate> authorities) {

    /** Whom the JVM trusts: its own store, or the one of {@code javax.net.ssl.trustStore}. */
    public static final Trust JVM = new Trust(List.of());

    public Trust {
        authorities = List.copyOf(authorities);
    }

    /**
     * Returns the trust in the certificates of a PEM file, and in nobody else.
     *
     * @throws IllegalArgumentException when the file has none, or cannot be read
     */
    public static Trust of(Path pem) {
        try {
            return of(Files.readString(pem));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read", e);
        }
    }

    /**
     * Returns the trust in the certificates of a PEM text, and in nobody else.
     *
     * @throws IllegalArgumentException when it has none, or they are broken
     */
    public static Trust of(String pem) {
        try (InputStream in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))) {
            List<Certificate> found =
                    List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (found.isEmpty()) {
                throw new IllegalArgumentException("has no certificate in it");
            }
            return new Trust(found);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("has broken certificates in it", e);
        }
    }

    /** Returns a context for connections to the server. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers().getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("this JVM cannot speak TLS", e);
        }
    }

    private TrustManagerFactory managers() throws IOException, GeneralSecurityException {
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store());
        return managers;
    }

    private @Nullable KeyStore store() throws IOException, GeneralSecurityException {
        if (authorities.isEmpty()) {
            return null; // the JVM's own
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int at = 0; at < authorities.size(); at++) {
            store.setCertificateEntry("authority-" + at, authorities.get(at));
        }
        return store;
    }
}
