package io.millrace.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.InternalCredential;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SigningSecretTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId UMBRA = new TenantId("umbra");
    private final SecretVault vault =
            new SecretVault(InternalCredential.of("0123456789".repeat(4)), new Random(3));

    @Test
    void signsAsStandardWebhooksDoes() {
        SigningSecret secret =
                SigningSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").orElseThrow();

        assertThat(
                        secret.sign(
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                1614265330,
                                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void secretsHave24To64BytesInBase64() {
        assertThat(SigningSecret.parse(text(23))).isEmpty();
        assertThat(SigningSecret.parse(text(24))).isPresent();
        assertThat(SigningSecret.parse(text(64))).isPresent();
        assertThat(SigningSecret.parse(text(65))).isEmpty();
        assertThat(SigningSecret.parse("whsec_no base64!")).isEmpty();
        assertThat(SigningSecret.parse(text(32)).orElseThrow().text()).isEqualTo(text(32));
        assertThat(SigningSecret.parse(text(32)).orElseThrow()).hasToString("SigningSecret[***]");
    }

    @Test
    void eachEndpointOfEachTenantHasSecretsOfItsOwn() {
        SigningSecret first = vault.of(ACME, "whe_1", 0);

        assertThat(vault.of(ACME, "whe_1", 0).text()).isEqualTo(first.text());
        assertThat(first.bytes()).hasSize(32);
        assertThat(first.text())
                .isNotEqualTo(vault.of(ACME, "whe_1", 1).text())
                .isNotEqualTo(vault.of(ACME, "whe_2", 0).text())
                .isNotEqualTo(vault.of(UMBRA, "whe_1", 0).text());
        assertThat(first.text())
                .startsWith(first.hint().substring(0, 6))
                .isNotEqualTo(first.hint());
    }

    @Test
    void clientsOwnSecretIsOpenedForItsTenantAlone() {
        SigningSecret secret = SigningSecret.parse(text(40)).orElseThrow();

        byte[] sealed = vault.seal(ACME, secret);

        assertThat(vault.open(ACME, sealed).orElseThrow().text()).isEqualTo(secret.text());
        assertThat(sealed).isNotEqualTo(vault.seal(ACME, secret));
        assertThat(vault.open(UMBRA, sealed)).isEmpty();
        assertThat(vault.open(ACME, new byte[] {1, 2, 3})).isEmpty();
        assertThat(
                        new SecretVault(
                                        InternalCredential.of("9876543210".repeat(4)),
                                        new Random(3))
                                .open(ACME, sealed))
                .isEmpty();
    }

    private static String text(int bytes) {
        return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
    }
}
