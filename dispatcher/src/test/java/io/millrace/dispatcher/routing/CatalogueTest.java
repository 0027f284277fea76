package io.millrace.dispatcher.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.dispatcher.Samples;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.Delivery;
import io.millrace.schemas.avro.KeyState;
import io.millrace.schemas.avro.ModelState;
import io.millrace.schemas.avro.ProviderState;
import io.millrace.schemas.avro.TargetState;
import io.millrace.schemas.avro.TenantState;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Tokens;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    private final Map<String, ControlRecord> entries = new HashMap<>();

    @Test
    void modelIsFoundByItsExactName() {
        // Given
        model("m");

        // When // Then
        assertThat(found("m")).contains("m");
        assertThat(found("m2")).isEmpty();
        assertThat(found("M")).isEmpty();
    }

    @Test
    void modelIsFoundByEachAlias() {
        // Given
        model("m", "other", "third");

        // When // Then
        assertThat(found("other")).contains("m");
        assertThat(found("third")).contains("m");
    }

    @Test
    void longestNameWithATrailingStarWins() {
        // Given
        model("*");
        model("gpt-*");
        model("gpt-4*");
        model("gpt-4o");

        // When // Then
        assertThat(found("gpt-4o")).contains("gpt-4o");
        assertThat(found("gpt-4o-mini")).contains("gpt-4*");
        assertThat(found("gpt-3")).contains("gpt-*");
        assertThat(found("gpt-")).contains("gpt-*");
        assertThat(found("claude")).contains("*");
        assertThat(found("")).contains("*");
    }

    @Test
    void nameOfAModelGoesBeforeAnAliasOfAnother() {
        // Given
        model("a", "b");
        model("b");
        model("z", "b");

        // When // Then
        assertThat(found("b")).contains("b");
    }

    @Test
    void keyMayUseOnlyTheModelsItsPatternsName() {
        // Given
        KeyState key =
                KeyState.newBuilder()
                        .setKeyId("key_1")
                        .setName("ci")
                        .setTenant("acme")
                        .setSecretSha256("00")
                        .setModels(List.of("gpt-4*", "m"))
                        .build();
        entries.put("key/00", control().setKey(key).build());

        // When
        Catalogue catalogue = Catalogue.of(entries);

        // Then
        assertThat(catalogue.mayUse("key_1", "m")).isTrue();
        assertThat(catalogue.mayUse("key_1", "gpt-4o")).isTrue();
        assertThat(catalogue.mayUse("key_1", "m2")).isFalse();
        assertThat(catalogue.mayUse("gone", "m2")).isTrue();
    }

    @Test
    void whatIsDisabledIsNotThere() {
        // Given
        entries.put("model/m", control().setDisabled(true).setModel(state("m").build()).build());
        entries.put(
                "provider/p",
                control()
                        .setDisabled(true)
                        .setProvider(
                                ProviderState.newBuilder().setName("p").setDialect("local").build())
                        .build());

        // When
        Catalogue catalogue = Catalogue.of(entries);

        // Then
        assertThat(catalogue.route("m")).isEmpty();
        assertThat(catalogue.provider("p")).isEmpty();
    }

    @Test
    void catalogueDoesNotChangeWithTheMapItWasMadeOf() {
        // Given
        model("m");
        Catalogue catalogue = Catalogue.of(entries);

        // When
        entries.clear();

        // Then
        assertThat(catalogue.route("m")).isPresent();
    }

    @Test
    void deliveryIsTheTenantsOrAtLeastOnce() {
        // Given
        entries.put(
                "tenant/acme",
                control()
                        .setTenant(
                                TenantState.newBuilder()
                                        .setName("acme")
                                        .setDelivery(Delivery.AT_MOST_ONCE)
                                        .build())
                        .build());
        Catalogue catalogue = Catalogue.of(entries);

        // When // Then
        assertThat(catalogue.delivery("acme")).isEqualTo(Delivery.AT_MOST_ONCE);
        assertThat(catalogue.delivery("other")).isEqualTo(Delivery.AT_LEAST_ONCE);
    }

    @Test
    void routeHasPriceStrategyTargetsAndOutput() {
        // Given
        ModelState state =
                state("m")
                        .setStrategy("failover")
                        .setInputNanoUsdPerMillion(10)
                        .setOutputNanoUsdPerMillion(20)
                        .setCachedInputNanoUsdPerMillion(5L)
                        .setPriceVersion(7)
                        .setMaxOutputTokens(99L)
                        .build();

        // When
        Route route = Route.from(state);

        // Then
        assertThat(route.strategy()).isEqualTo(Strategy.FAILOVER);
        assertThat(route.targets()).containsExactly(new Target("p", "t", 1, new NanoDollars(15)));
        assertThat(route.price().inputPerMillion()).isEqualTo(new NanoDollars(10));
        assertThat(route.price().outputPerMillion()).isEqualTo(new NanoDollars(20));
        assertThat(route.price().cachedInputPerMillion()).isEqualTo(new NanoDollars(5));
        assertThat(route.price().version()).isEqualTo(7);
        assertThat(route.maxOutput()).contains(new Tokens(99));
    }

    @Test
    void cachedInputCostsLikeInputUnlessItHasAPrice() {
        assertThat(
                        Route.from(state("m").setInputNanoUsdPerMillion(10).build())
                                .price()
                                .cachedInputPerMillion())
                .isEqualTo(new NanoDollars(10));
    }

    @Test
    void starOfATargetIsTheNameThatWasAskedFor() {
        // Given
        Route route = Route.from(state("gpt-*").build());

        // When // Then
        assertThat(route.concrete(new Target("p", "*", 2), "gpt-4o"))
                .isEqualTo(new Target("p", "gpt-4o", 2));
        assertThat(route.concrete(new Target("p", "t", 2), "gpt-4o"))
                .isEqualTo(new Target("p", "t", 2));
    }

    @Test
    void weightIsOneOrMore() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Target("p", "t", 0))
                .withMessage("weight must be 1 or more, but was 0");
    }

    private void model(String name, String... aliases) {
        entries.put(
                "model/" + name,
                control().setModel(state(name).setAliases(List.of(aliases)).build()).build());
    }

    private Optional<String> found(String model) {
        return Catalogue.of(entries).route(model).map(Route::model);
    }

    private static ModelState.Builder state(String name) {
        return ModelState.newBuilder()
                .setName(name)
                .setTargets(
                        List.of(TargetState.newBuilder().setProvider("p").setModel("t").build()));
    }

    private static ControlRecord.Builder control() {
        return ControlRecord.newBuilder()
                .setVersion(1)
                .setManagedBy("file")
                .setUpdatedAt(Samples.NOON);
    }
}
