package io.millrace.ingress.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingress.control.Control;
import io.millrace.ingress.control.KeyIds;
import io.millrace.ingress.control.TestControl;
import io.millrace.ingress.http.ApiException;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.KeyState;
import io.millrace.schemas.avro.TenantState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final Authentication authentication = new Authentication(TestControl::make, () -> NOW);

    @Test
    void keyTellsItsTenantAndWhatItMayDo() {
        // When
        Caller caller = bearer(TestControl.READER);

        // Then
        assertThat(caller.tenantName()).isEqualTo("acme");
        assertThat(caller.roles()).containsExactly(Role.READ);
        assertThat(caller.operator()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER   "})
    void schemeIsReadInEveryCaseAndSpacing(String scheme) {
        Caller caller =
                authentication.caller(Optional.of(scheme + TestControl.ACME), Optional.empty());

        assertThat(caller.tenantName()).isEqualTo("acme");
    }

    @Test
    void authorizationWinsOverXApiKeyWhichIsTakenWhereThereIsNoBearer() {
        Optional<String> other = Optional.of(TestControl.OTHER);

        assertThat(
                        authentication
                                .caller(Optional.of("Bearer " + TestControl.ACME), other)
                                .tenantName())
                .isEqualTo("acme");
        assertThat(authentication.caller(Optional.of("Basic x"), other).tenantName())
                .isEqualTo("other");
        assertThat(authentication.caller(Optional.empty(), other).tenantName()).isEqualTo("other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer sk-unknown", "Basic YTpi"})
    void whoShowsNoKnownKeyIsRefused(String header) {
        assertThatThrownBy(() -> authentication.caller(Optional.of(header), Optional.empty()))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> {
                            assertThat(refused.error().status()).isEqualTo(401);
                            assertThat(refused.error().code()).isEqualTo("invalid_api_key");
                        });
    }

    @Test
    void secretOfUnreasonableLengthIsNotEvenLookedUp() {
        assertThatThrownBy(() -> bearer("x".repeat(513))).isInstanceOf(ApiException.class);
    }

    @Test
    void keyEndsAtTheMomentItExpires() {
        // Given
        String secret = "sk-short-lived-0123456789";

        // Then
        assertThat(expiringAt(secret, NOW.plusMillis(1)).tenantName()).isEqualTo("acme");
        assertThatThrownBy(() -> expiringAt(secret, NOW)).isInstanceOf(ApiException.class);
    }

    @Test
    void operatorBelongsToNoTenantAndMayDoEverything() {
        Caller operator = bearer(TestControl.OPERATOR);

        assertThat(operator.operator()).isTrue();
        assertThat(operator.scope()).isEmpty();
        assertThat(operator.withAnyOf(Role.SUBMIT)).isSameAs(operator);
        assertThatThrownBy(operator::tenant)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.error().status()).isEqualTo(403));
    }

    @Test
    void roleThatIsNeededAndNotThereIsRefused() {
        Caller reader = bearer(TestControl.READER);

        assertThat(reader.withAnyOf(Role.SUBMIT, Role.READ)).isSameAs(reader);
        assertThatThrownBy(() -> reader.withAnyOf(Role.SUBMIT))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.error().status()).isEqualTo(403));
    }

    @Test
    void modelsAreNamedExactlyOrByTheirBeginning() {
        Caller caller =
                new Caller("acme", "key_1", java.util.Set.of(), List.of("gpt-4o", "local/*"));

        assertThat(List.of("gpt-4o", "local/mini", "local/")).allMatch(caller::mayUse);
        assertThat(List.of("gpt-4o-mini", "loca", "")).noneMatch(caller::mayUse);
    }

    private Caller bearer(String secret) {
        return authentication.caller(Optional.of("Bearer " + secret), Optional.empty());
    }

    private static Caller expiringAt(String secret, Instant end) {
        String hash = KeyIds.sha256(secret);
        KeyState key =
                KeyState.newBuilder()
                        .setKeyId("key_1")
                        .setName("k")
                        .setTenant("acme")
                        .setSecretSha256(hash)
                        .setExpiresAt(end)
                        .build();
        TenantState acme = TenantState.newBuilder().setName("acme").build();
        Control control =
                new Control(
                        Map.of(
                                "tenant/acme",
                                record().setTenant(acme).build(),
                                "key/" + hash,
                                record().setKey(key).build()));
        return new Authentication(() -> control, () -> NOW)
                .caller(Optional.of("Bearer " + secret), Optional.empty());
    }

    private static ControlRecord.Builder record() {
        return ControlRecord.newBuilder().setVersion(1).setManagedBy("api").setUpdatedAt(NOW);
    }
}
