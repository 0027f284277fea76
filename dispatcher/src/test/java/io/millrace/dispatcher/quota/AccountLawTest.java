package io.millrace.dispatcher.quota;

import static io.millrace.dispatcher.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.schemas.avro.SpendLedger;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Tokens;
import io.millrace.schemas.money.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits, against a naive reference that keeps every call. */
class AccountLawTest {

    private static final long NO = Long.MAX_VALUE;
    private static final long REQUESTS = 20;
    private static final long TOKENS = 2_000;
    private static final long CONCURRENCY = 7;
    private static final long BUDGET = 40_000;
    private static final SpendLedger NOTHING = SpendLedger.newBuilder().build();

    /** A call as the reference knows it. */
    private static final class Known {
        private final Reservation call;
        private long counted;
        private boolean running = true;

        Known(Reservation call) {
            this.call = call;
            this.counted = call.tokens().count();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void noLimitIsEverExceededAndNothingWaitsThatHasRoom(long seed) {
        Random random = new Random(seed);
        Account account = new Account(new TenantId("acme"), new Empty());
        LimitSet limits =
                new LimitSet(
                        new Limits(REQUESTS, TOKENS, CONCURRENCY, BUDGET, NO, NO, NO),
                        Limits.NONE,
                        Limits.NONE);
        List<Known> made = new ArrayList<>();
        Instant now = NOON;
        long spent = 0;
        for (int step = 0; step < 5_000; step++) {
            // Given
            now = now.plusMillis(random.nextInt(random.nextInt(20) == 0 ? 20_000 : 900));
            List<Known> running = made.stream().filter(each -> each.running).toList();
            if (!running.isEmpty() && random.nextInt(3) > 0) {
                Known ending = running.get(random.nextInt(running.size()));
                spent += end(account, ending, random, now);
                continue;
            }
            Reservation wanted = call(step, 1 + random.nextInt(400), now);

            // When
            Decision decision = account.reserve(wanted, limits);

            // Then
            String what = "seed %d step %d: %s".formatted(seed, step, decision);
            long held = running.stream().mapToLong(each -> each.call.cost().amount()).sum();
            Optional<Decision> due = obstacle(made, wanted, spent, held, running.size());
            switch (decision) {
                case Decision.Granted() -> made.add(new Known(wanted));
                case Decision.Refused _ ->
                        assertThat(spent + wanted.cost().amount()).as(what).isGreaterThan(BUDGET);
                case Decision.Wait(Instant until, _) -> {
                    assertThat(due).as(what).isPresent();
                    assertThat(until).as(what).isAfter(now);
                }
            }
            assertWithinLimits(made, spent, what);
        }
        assertThat(made).as("calls of seed %d", seed).hasSizeGreaterThan(200);
    }

    /** Ends a call in one of the ways there are; returns what was charged. */
    private static long end(Account account, Known ending, Random random, Instant now) {
        ending.running = false;
        long most = ending.call.tokens().count();
        JobId job = ending.call.call().job();
        int way = random.nextInt(4);
        if (way > 1) {
            long used = random.nextInt((int) most + 1);
            account.ended(
                    ending.call.call(), new Use.Known(new Tokens(used), new NanoDollars(used)));
            account.charge(
                    job, "key", "m", Usage.of(used, 0).toRecord(), new NanoDollars(used), now);
            ending.counted = used;
            return used;
        }
        if (way == 0) {
            ending.counted = 0;
        }
        account.ended(ending.call.call(), way == 0 ? new Use.Nothing() : new Use.Unknown());
        account.moved(job);
        return 0;
    }

    /** What a perfect observer would object to, who lets a start count 62 seconds. */
    private static Optional<Decision> obstacle(
            List<Known> made, Reservation wanted, long spent, long held, long running) {
        List<Known> minute = within(made, wanted.at(), Duration.ofSeconds(62));
        long tokens = minute.stream().mapToLong(each -> each.counted).sum();
        boolean room =
                minute.size() < REQUESTS
                        && tokens + wanted.tokens().count() <= TOKENS
                        && running < CONCURRENCY
                        && spent + held + wanted.cost().amount() <= BUDGET;
        return room
                ? Optional.empty()
                : Optional.of(new Decision.Wait(wanted.at(), WaitReason.TURN));
    }

    /** No 61 seconds that end now hold more than a minute may. */
    private static void assertWithinLimits(List<Known> made, long spent, String what) {
        if (made.isEmpty()) {
            return;
        }
        List<Known> minute = within(made, made.getLast().call.at(), Duration.ofSeconds(61));
        assertThat(minute.size()).as(what).isLessThanOrEqualTo((int) REQUESTS);
        assertThat(minute.stream().mapToLong(each -> each.counted).sum())
                .as(what)
                .isLessThanOrEqualTo(TOKENS);
        assertThat(made.stream().filter(each -> each.running).count())
                .as(what)
                .isLessThanOrEqualTo(CONCURRENCY);
        assertThat(
                        spent
                                + made.stream()
                                        .filter(each -> each.running)
                                        .mapToLong(each -> each.call.cost().amount())
                                        .sum())
                .as(what)
                .isLessThanOrEqualTo(BUDGET);
    }

    private static List<Known> within(List<Known> made, Instant end, Duration time) {
        Instant begin = end.minus(time);
        return made.stream().filter(each -> each.call.at().isAfter(begin)).toList();
    }

    private static Reservation call(int job, long tokens, Instant at) {
        return new Reservation(
                new Call(new JobId(Samples.jobId(job)), 1),
                "key",
                "m",
                new Tokens(tokens),
                new NanoDollars(tokens),
                false,
                at);
    }

    private record Empty() implements Account.Ledgers {

        @Override
        public SpendLedger tenant() {
            return NOTHING;
        }

        @Override
        public SpendLedger key(String id) {
            return NOTHING;
        }

        @Override
        public SpendLedger model(String name) {
            return NOTHING;
        }
    }
}
