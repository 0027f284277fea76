package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.quota.WaitReason;
import io.millrace.dispatcher.routing.Capacity;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.routing.Target;
import io.millrace.dispatcher.routing.TargetController;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.TenantState;
import io.millrace.schemas.id.TenantId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How fast a tenant's jobs start when they are there. */
class PacesTest {

    private static final TenantId ACME = new TenantId(TENANT);

    private final Map<String, ControlRecord> control = new HashMap<>();
    private final Share share = new Share();
    private final Paces paces = new Paces();

    PacesTest() {
        control.put("model/m", Jobs.control().setModel(Jobs.model("m", "p", "q").build()).build());
        control.put(
                "model/n",
                Jobs.control()
                        .setModel(Jobs.model("n", "r").setFallbacks(List.of("m")).build())
                        .build());
    }

    @Test
    void tenantThatNobodyServedHasThePaceOfAnUnknownOne() {
        // When // Then
        assertThat(paces.of(ACME)).isEqualTo(Pace.UNKNOWN);
    }

    @Test
    void permitsAreWhatTheTargetsOfItsModelsTakeAndTimeIsThatOfItsCalls() {
        // Given
        share.learn("m", 1);
        share.took(Duration.ofSeconds(2));

        // When
        reckon(stands("p", 10), stands("q", 5), stands("r", 100));

        // Then
        assertThat(paces.of(ACME)).isEqualTo(new Pace(15, Duration.ofSeconds(2)));
    }

    @Test
    void permitsAreNoMoreThanTheTenantOrTheProcessMayHave() {
        // Given
        share.learn("m", 1);
        tenant(3);

        // When
        reckon(stands("p", 10), stands("q", 5));
        Pace bound = paces.of(ACME);
        tenant(5_000);
        reckon(stands("p", 4_000), stands("q", 5));

        // Then
        assertThat(bound.permits()).isEqualTo(3);
        assertThat(paces.of(ACME).permits()).isEqualTo(1_000);
    }

    @Test
    void fallbacksCountWhileAllTargetsAreClosed() {
        // Given
        share.learn("n", 1);

        // When
        reckon(stands("r", 0), stands("p", 10), stands("q", 5));

        // Then
        assertThat(paces.of(ACME).permits()).isEqualTo(15);
    }

    @Test
    void tenantOfWhichAQuotaHoldsAllHasNoPermits() {
        // Given
        Line line = line("m");
        line.park(new Line.Parking(NOON.plusSeconds(20), WaitReason.REQUESTS_PER_MINUTE));

        // When
        reckon(stands("p", 10), stands("q", 5));
        Pace held = paces.of(ACME);
        line("n");
        reckon(stands("p", 10), stands("q", 5), stands("r", 1));

        // Then
        assertThat(held.permits()).isZero();
        assertThat(paces.of(ACME).permits()).isEqualTo(16);
    }

    @Test
    void quotaThatLetsOneGoAgainAndAgainHoldsNothing() {
        // Given
        line("m").park(new Line.Parking(NOON.plusMillis(100), WaitReason.REQUESTS_PER_MINUTE));

        // When
        reckon(stands("p", 10), stands("q", 5));

        // Then
        assertThat(paces.of(ACME).permits()).isEqualTo(15);
    }

    private Line line(String model) {
        Job job = Jobs.job(Samples.slot(), Samples.submit(1).setModel(model).build(), 1);
        Line line = new Line(Line.Key.of(job), share, share.lines().size());
        share.lines().add(line);
        return line;
    }

    private void tenant(long concurrency) {
        control.put(
                "tenant/acme",
                Jobs.control()
                        .setTenant(
                                TenantState.newBuilder()
                                        .setName("acme")
                                        .setConcurrency(concurrency)
                                        .build())
                        .build());
    }

    private void reckon(Capacity.Standing... standings) {
        paces.reckon(Map.of(TENANT, share), Catalogue.of(control), List.of(standings), 1_000, NOON);
    }

    private static Capacity.Standing stands(String provider, int limit) {
        return new Capacity.Standing(
                new Target(provider, "t", 1), TargetController.State.OPEN, limit, 0, 1);
    }
}
