package io.millrace.ingress.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no certificate with its key. */
class ServerTlsTest {

    private static TestCertificate own;
    private static TestCertificate others;

    @BeforeAll
    static void certificates(@TempDir Path folder) throws Exception {
        own = TestCertificate.make(folder, "own");
        others = TestCertificate.make(folder, "others");
    }

    @Test
    void keyOfAnotherCertificateIsRefused() {
        refused(own.certificate(), others.key(), "does not belong to the certificate");
    }

    @Test
    void whatIsNoCertificateIsRefused() {
        refused("certificate", own.key(), "certificate");
        refused(own.key(), own.key(), "certificate");
        // a letter that is changed may be one of the signature, which nobody looks at here
        String broken = own.certificate().replaceFirst("\\n[^\\n]+\\n-----END", "\n-----END");
        refused(broken, own.key(), "");
    }

    @Test
    void chainThatDoesNotHangTogetherIsRefused() {
        refused(own.certificate() + others.certificate(), own.key(), "certificate 2 does not");
    }

    @Test
    void whatIsNoKeyIsRefused() {
        refused(own.certificate(), own.certificate(), "is no PEM of a PKCS#8 key");
        refused(own.certificate(), "", "is no PEM of a PKCS#8 key");
    }

    @Test
    void authorityOfClientsMustBeACertificate() {
        ServerTls tls = ServerTls.of(own.certificate(), own.key());
        assertThatThrownBy(() -> tls.forClientsOf(own.key()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("certificate");
    }

    private static void refused(String certificate, String key, String why) {
        assertThatThrownBy(() -> ServerTls.of(certificate, key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining(key.isEmpty() ? "-----" : key);
    }
}
