package io.millrace.simulatedprovider.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A key and a certificate for 127.0.0.1 and localhost that it signed itself (RFC 5280), good for a
 * week. The JDK has no public way to make one but a process of its own, keytool.
 */
public final class SelfSigned {

    private static final Duration VALID = Duration.ofDays(7);
    private static final char[] NO_PASSWORD = new char[0];
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final KeyPair keys;
    private final Certificate certificate;

    private SelfSigned(KeyPair keys, Certificate certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    /** Makes one that is valid from an hour ago on. */
    public static SelfSigned make(Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            byte[] content = content(keys, now.minus(Duration.ofHours(1)));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(content);
            byte[] signed = Der.sequence(content, ecdsaWithSha256(), Der.bits(signature.sign()));
            return new SelfSigned(keys, parsed(signed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM cannot make a certificate", e);
        }
    }

    /** The certificate in PEM, for those who are to trust it. */
    public String pem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate made here cannot be written", e);
        }
    }

    /** Its key in PEM (PKCS#8), for another server that is to show the certificate. */
    public String keyPem() {
        return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    /** A context for servers that show it. */
    public SSLContext serverContext() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server", keys.getPrivate(), NO_PASSWORD, new Certificate[] {certificate});
            KeyManagerFactory managers =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("this JVM cannot speak TLS", e);
        }
    }

    private static String pem(String kind, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, lines);
    }

    /** What is signed: the members of TBSCertificate in their order. */
    private static byte[] content(KeyPair keys, Instant from) {
        byte[] name =
                Der.sequence(
                        Der.set(
                                Der.sequence(
                                        Der.object(0x55, 0x04, 0x03), // commonName
                                        Der.text("simulated-provider"))));
        return Der.sequence(
                Der.explicit(0, Der.number(2)), // version 3
                Der.number(from.toEpochMilli()), // serial
                ecdsaWithSha256(),
                name, // issuer
                Der.sequence(Der.time(from), Der.time(from.plus(VALID))),
                name, // subject
                keys.getPublic().getEncoded(),
                Der.explicit(3, Der.sequence(alternativeNames(), isAuthority())));
    }

    private static byte[] ecdsaWithSha256() {
        return Der.sequence(Der.object(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
    }

    private static byte[] alternativeNames() {
        byte[] dns = Der.implicit(2, "localhost".getBytes(StandardCharsets.US_ASCII));
        byte[] ip = Der.implicit(7, LOOPBACK);
        return Der.sequence(Der.object(0x55, 0x1d, 0x11), Der.octets(Der.sequence(dns, ip)));
    }

    private static byte[] isAuthority() {
        return Der.sequence(
                Der.object(0x55, 0x1d, 0x13), Der.yes(), Der.octets(Der.sequence(Der.yes())));
    }

    private static Certificate parsed(byte[] encoded) throws CertificateException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(encoded));
    }
}
