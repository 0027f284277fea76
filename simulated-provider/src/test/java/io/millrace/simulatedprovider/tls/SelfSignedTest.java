package io.millrace.simulatedprovider.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfSignedTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void certificateNamesTheLoopbackAndVouchesForItself() throws Exception {
        // Given
        byte[] pem = SelfSigned.make(NOON).pem().getBytes(StandardCharsets.US_ASCII);

        // When
        X509Certificate certificate =
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(new ByteArrayInputStream(pem));

        // Then
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactly(List.of(2, "localhost"), List.of(7, "127.0.0.1"));
        assertThat(certificate.getBasicConstraints()).isNotNegative();
        assertThat(certificate.getNotBefore().toInstant()).isBefore(NOON);
        assertThat(certificate.getNotAfter().toInstant())
                .isBetween(NOON.plusSeconds(6 * 86_400), NOON.plusSeconds(8 * 86_400));
    }

    @Test
    void eachHasAKeyOfItsOwn() {
        assertThat(SelfSigned.make(NOON).pem()).isNotEqualTo(SelfSigned.make(NOON).pem());
    }
}
