package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.request;
import static io.millrace.dispatcher.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.schemas.avro.BatchLine;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.money.Tokens;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadyJobsTest {

    private static final List<Tier> TIERS = List.of(Tier.values());

    private final ReadyJobs ready = new ReadyJobs();
    private final OwnedSlot slot = Samples.slot();

    @Test
    void tiersGoInTheirOrder() {
        // Given
        add(batchLine(1));
        add(job(2, "acme", "m", Tier.FLEX));
        add(job(3, "acme", "m", Tier.DEFAULT));
        add(job(4, "acme", "m", Tier.PRIORITY));
        add(job(5, "acme", "m", Tier.UNKNOWN));

        // When // Then
        assertThat(drain()).containsExactly(4, 3, 5, 2, 1);
    }

    @Test
    void tenantsTakeTurnsHoweverManyJobsEachHasAndWithinOneItsModels() {
        // Given
        for (int number = 10; number < 14; number++) {
            add(job(number, "big", "m", Tier.DEFAULT));
        }
        add(job(20, "small", "m", Tier.DEFAULT));
        add(job(21, "small", "m", Tier.DEFAULT));
        add(job(30, "small", "other", Tier.DEFAULT));

        // When // Then
        assertThat(drain()).containsExactly(10, 20, 30, 11, 21, 12, 13);
    }

    @Test
    void blockedModelDoesNotBlockOthers() {
        // Given
        add(job(1, "acme", "blocked", Tier.PRIORITY));
        add(job(2, "acme", "free", Tier.FLEX));

        // When
        var next =
                ready.next(
                        NOON,
                        each ->
                                model(each.job()).equals("free")
                                        ? new Chance.Go<>("go")
                                        : new Chance.NoTarget<>());

        // Then
        assertThat(next.map(taken -> number(taken.waiting().job()))).contains(2);
        ready.targetsChanged();
        assertThat(drain()).containsExactly(1);
    }

    @Test
    void nothingIsTakenWhenNothingCanStart() {
        // Given
        add(job(1, "acme", "m", Tier.DEFAULT));

        // When // Then
        assertThat(ready.next(NOON, _ -> new Chance.NoTarget<String>())).isEmpty();
        ready.targetsChanged();
        assertThat(drain()).containsExactly(1);
        assertThat(ready.next(NOON, Chance.Go::new)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noJobIsLostOrDoubledAndOrderHoldsWithinATenantAndModel(long seed) {
        // Given
        Random random = new Random(seed);
        List<Integer> taken = new ArrayList<>();
        int added = 0;
        for (int step = 0; step < 3_000; step++) {
            // When
            if (random.nextInt(3) > 0) {
                String tenant = "t" + random.nextInt(4);
                Tier tier = TIERS.get(random.nextInt(TIERS.size()));
                add(job(added++, tenant, "m" + random.nextInt(3), tier));
            } else {
                String blocked = "m" + random.nextInt(3);
                ready.next(
                                NOON,
                                each ->
                                        model(each.job()).equals(blocked)
                                                ? new Chance.NoTarget<>()
                                                : new Chance.Go<>(1))
                        .ifPresent(each -> taken.add(number(each.waiting().job())));
                ready.targetsChanged();
            }
        }
        taken.addAll(drain());

        // Then
        Set<Integer> distinct = new HashSet<>(taken);
        assertThat(taken).as("seed %d", seed).hasSize(added);
        assertThat(distinct).hasSize(added);
    }

    private List<Integer> drain() {
        List<Integer> order = new ArrayList<>();
        for (var next = ready.next(NOON, Chance.Go::new);
                next.isPresent();
                next = ready.next(NOON, Chance.Go::new)) {
            order.add(number(next.get().waiting().job()));
        }
        return order;
    }

    private void add(Job job) {
        ready.add(job, new TokenBounds(new Tokens(10), Tokens.NONE), 1);
    }

    private Job job(int number, String tenant, String model, Tier tier) {
        return Jobs.job(
                slot,
                submit(number)
                        .setTenant(tenant)
                        .setModel(model)
                        .setRequest(request().setTier(tier).build())
                        .build(),
                number);
    }

    private Job batchLine(int number) {
        return Jobs.job(
                slot,
                submit(number).setBatchLine(new BatchLine("batch_x", 1, "c")).build(),
                number);
    }

    private static String model(Job job) {
        return job.submit().getModel();
    }

    private static int number(Job job) {
        return Math.toIntExact(job.offset());
    }
}
