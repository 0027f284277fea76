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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccountTest {

    private static final long NO = Long.MAX_VALUE;
    private static final Decision GRANTED = new Decision.Granted();

    private final Sums sums = new Sums();
    private final Account account = new Account(new TenantId("acme"), sums);

    @Test
    void withoutLimitsEverythingIsGranted() {
        assertThat(account.reserve(call(1, 1_000_000_000L, NOON), LimitSet.NONE))
                .isEqualTo(GRANTED);
        assertThat(account.held()).isEqualTo(1);
    }

    @Test
    void jobOverRequestsAMinuteWaitsUntilTheOldestNoLongerCounts() {
        // Given
        LimitSet two = tenant(new Limits(2, NO, NO, NO, NO, NO, NO));
        account.reserve(call(1, 1, NOON), two);
        account.reserve(call(2, 1, NOON.plusSeconds(10)), two);

        // When
        Decision third = account.reserve(call(3, 1, NOON.plusSeconds(20)), two);

        // Then
        assertThat(third)
                .isEqualTo(new Decision.Wait(NOON.plusSeconds(62), WaitReason.REQUESTS_PER_MINUTE));
        assertThat(account.reserve(call(3, 1, NOON.plusSeconds(62)), two)).isEqualTo(GRANTED);
    }

    @Test
    void synchronousRequestOverTheMinuteIsRefusedAtOnce() {
        // Given
        LimitSet one = tenant(new Limits(1, NO, NO, NO, NO, NO, NO));
        account.reserve(call(1, 1, NOON), one);

        // When // Then
        assertThat(account.reserve(synchronous(2, 1), one))
                .isEqualTo(
                        new Decision.Refused(
                                429,
                                "rate_limit_exceeded",
                                "tenant acme is limited to 1 requests a minute; try again in 62 s",
                                Optional.of(Duration.ofSeconds(62))));
    }

    @Test
    void tokensThatWereNotUsedMakeRoomInTheMinute() {
        // Given
        LimitSet hundred = tenant(new Limits(NO, 100, NO, NO, NO, NO, NO));
        account.reserve(call(1, 80, NOON), hundred);
        assertThat(account.reserve(call(2, 50, NOON), hundred))
                .isEqualTo(new Decision.Wait(NOON.plusSeconds(62), WaitReason.TOKENS_PER_MINUTE));

        // When
        account.ended(new Call(id(1), 1), known(20));

        // Then
        assertThat(account.reserve(call(2, 50, NOON), hundred)).isEqualTo(GRANTED);
        assertThat(account.reserve(synchronous(3, 50), hundred))
                .isInstanceOf(Decision.Refused.class);
    }

    @Test
    void requestThatCouldNeverFitInAMinuteIsRefusedWhoeverAsks() {
        assertThat(
                        account.reserve(
                                call(1, 101, NOON),
                                tenant(new Limits(NO, 100, NO, NO, NO, NO, NO))))
                .isEqualTo(
                        new Decision.Refused(
                                413,
                                "request_too_large",
                                "the request may use 101 tokens, but tenant acme is limited to 100 tokens a minute"));
    }

    @Test
    void callBeyondConcurrencyWaitsForOneToEndEvenWhenItIsSynchronous() {
        // Given
        LimitSet one = tenant(new Limits(NO, NO, 1, NO, NO, NO, NO));
        account.reserve(call(1, 1, NOON), one);
        assertThat(account.reserve(synchronous(2, 1), one))
                .isEqualTo(new Decision.Wait(Instant.MAX, WaitReason.TENANT_CONCURRENCY));

        // When
        account.ended(new Call(id(1), 1), new Use.Nothing());

        // Then
        assertThat(account.reserve(synchronous(2, 1), one)).isEqualTo(GRANTED);
    }

    @Test
    void reservationWaitsWhileOpenOnesCouldMakeRoomAndFailsWhenWhatIsSettledExcludesIt() {
        // Given
        LimitSet daily = tenant(new Limits(NO, NO, NO, 100, NO, NO, NO));
        account.reserve(call(1, 60, NOON), daily);
        assertThat(account.reserve(call(2, 60, NOON), daily))
                .isEqualTo(new Decision.Wait(Instant.MAX, WaitReason.DAILY_BUDGET));

        // When
        account.ended(new Call(id(1), 1), known(50));
        Decision pending = account.reserve(call(2, 60, NOON), daily);
        charge(1, 50);
        Decision settled = account.reserve(call(2, 60, NOON), daily);

        // Then
        assertThat(pending).isEqualTo(new Decision.Wait(Instant.MAX, WaitReason.DAILY_BUDGET));
        assertThat(settled)
                .isEqualTo(
                        new Decision.Refused(
                                429,
                                "insufficient_quota",
                                "the daily budget of tenant acme does not suffice for the request"));
        assertThat(account.reserve(call(3, 50, NOON), daily)).isEqualTo(GRANTED);
    }

    @Test
    void aNewUtcDayHasItsBudgetAgainAndTheMonthHasNot() {
        // Given
        LimitSet limits = tenant(new Limits(NO, NO, NO, 100, 150, NO, NO));
        account.reserve(call(1, 100, NOON), limits);
        account.ended(new Call(id(1), 1), known(100));
        charge(1, 100);
        Instant tomorrow = NOON.plus(Duration.ofHours(12));

        // When // Then
        assertThat(account.reserve(call(2, 50, NOON), limits)).isInstanceOf(Decision.Refused.class);
        assertThat(account.reserve(call(3, 60, tomorrow), limits))
                .isEqualTo(
                        new Decision.Refused(
                                429,
                                "insufficient_quota",
                                "the monthly budget of tenant acme does not suffice for the request"));
        assertThat(account.reserve(call(2, 50, tomorrow), limits)).isEqualTo(GRANTED);
    }

    @Test
    void limitsOfKeyAndModelHoldBesideTheTenants() {
        // Given
        Limits one = new Limits(NO, NO, 1, NO, NO, NO, NO);
        account.reserve(call(1, 1, NOON), LimitSet.NONE);

        // When // Then
        assertThat(account.reserve(call(2, 1, NOON), new LimitSet(Limits.NONE, one, Limits.NONE)))
                .isEqualTo(new Decision.Wait(Instant.MAX, WaitReason.KEY_CONCURRENCY));
        assertThat(account.reserve(call(2, 1, NOON), new LimitSet(Limits.NONE, Limits.NONE, one)))
                .isEqualTo(new Decision.Wait(Instant.MAX, WaitReason.MODEL_CONCURRENCY));
        Reservation elsewhere =
                new Reservation(
                        new Call(id(3), 1),
                        "other",
                        "other",
                        new Tokens(1),
                        NanoDollars.NONE,
                        false,
                        NOON);
        assertThat(account.reserve(elsewhere, new LimitSet(Limits.NONE, one, one)))
                .isEqualTo(GRANTED);
    }

    @Test
    void callThatWasNotMadeFreesAllAndOneOfUnknownOutcomeItsMoneyOnly() {
        // Given
        LimitSet limits = tenant(new Limits(1, 100, NO, 100, NO, NO, NO));
        account.reserve(call(1, 100, NOON), limits);

        // When
        account.ended(new Call(id(1), 1), new Use.NotCalled());
        Decision afterNotMade = account.reserve(call(2, 100, NOON), limits);
        account.ended(new Call(id(2), 1), new Use.Unknown());
        Decision afterUnknown = account.reserve(call(3, 100, NOON), limits);

        // Then
        assertThat(afterNotMade).isEqualTo(GRANTED);
        assertThat(afterUnknown)
                .isEqualTo(new Decision.Wait(NOON.plusSeconds(62), WaitReason.REQUESTS_PER_MINUTE));
        LimitSet moneyAlone = tenant(new Limits(NO, NO, NO, 100, NO, NO, NO));
        assertThat(account.reserve(call(3, 100, NOON), moneyAlone)).isEqualTo(GRANTED);
    }

    @Test
    void callOfAFormerOwnerIsHeldUntilSomebodyTellsWhatBecameOfIt() {
        // Given
        LimitSet limits = tenant(new Limits(NO, NO, 1, 100, NO, NO, NO));
        account.restore(call(1, 80, NOON));
        assertThat(account.reserve(call(2, 30, NOON), limits)).isInstanceOf(Decision.Wait.class);

        // When
        account.ended(new Call(id(1), 1), new Use.Unknown());

        // Then
        assertThat(account.reserve(call(2, 30, NOON), limits)).isEqualTo(GRANTED);
    }

    @Test
    void callsOfAJobAreToldOnceItEndsAndAreForgottenThen() {
        // Given
        account.reserve(call(1, 80, NOON), LimitSet.NONE);
        account.ended(new Call(id(1), 1), known(50));
        account.ended(new Call(id(1), 1), known(50));

        // When // Then
        assertThat(charge(1, 50)).singleElement().matches(made -> made.tokens() == 50);
        assertThat(account.moved(id(1))).isEmpty();
        assertThat(account.held()).isZero();
    }

    @Test
    void accountIsIdleOnceTheLedgerTellsAllOfIt() {
        // Given
        account.reserve(call(1, 80, NOON), LimitSet.NONE);
        account.ended(new Call(id(1), 1), known(50));
        charge(1, 50);
        Instant later = NOON.plusSeconds(62);
        assertThat(account.isIdle(NOON)).isFalse();
        assertThat(account.isIdle(later)).isFalse();

        // When
        SpendLedger settled = SpendLedger.newBuilder().setJobs(1).build();
        sums.all.put("tenant", settled);
        sums.all.put("key", settled);
        sums.all.put("m", settled);

        // Then
        assertThat(account.isIdle(later)).isTrue();
    }

    private java.util.List<Account.Made> charge(int job, long used) {
        return account.charge(
                id(job), "key", "m", Usage.of(used, 0).toRecord(), new NanoDollars(used), NOON);
    }

    @Test
    void whatIsLeftOfTheMinuteIsThatOfTheNearestLimit() {
        // Given
        LimitSet limits =
                new LimitSet(
                        new Limits(10, 1_000, NO, NO, NO, NO, NO),
                        new Limits(3, NO, NO, NO, NO, NO, NO),
                        new Limits(NO, 500, NO, NO, NO, NO, NO));
        account.reserve(call(1, 100, NOON), limits);
        account.reserve(call(2, 100, NOON.plusSeconds(10)), limits);
        account.ended(new Call(id(1), 1), known(40));

        // When
        Rates rates = account.rates("key", "m", limits, NOON.plusSeconds(20));

        // Then
        Duration reset = Duration.ofSeconds(52);
        assertThat(rates.requests()).contains(new Rates.Left(3, 1, reset));
        assertThat(rates.tokens()).contains(new Rates.Left(500, 360, reset));
        assertThat(account.rates("key", "m", limits, NOON.plusSeconds(90)).requests())
                .contains(new Rates.Left(3, 3, Duration.ZERO));
        assertThat(account.rates("key", "m", LimitSet.NONE, NOON)).isEqualTo(Rates.NONE);
    }

    private static LimitSet tenant(Limits limits) {
        return new LimitSet(limits, Limits.NONE, Limits.NONE);
    }

    private static Use known(long tokens) {
        return new Use.Known(new Tokens(tokens), new NanoDollars(tokens));
    }

    /** A call whose token costs a nano-dollar. */
    private static Reservation call(int job, long tokens, Instant at) {
        return new Reservation(
                new Call(id(job), 1),
                "key",
                "m",
                new Tokens(tokens),
                new NanoDollars(tokens),
                false,
                at);
    }

    private static Reservation synchronous(int job, long tokens) {
        return new Reservation(
                new Call(id(job), 1),
                "key",
                "m",
                new Tokens(tokens),
                new NanoDollars(tokens),
                true,
                NOON);
    }

    private static JobId id(int job) {
        return new JobId(Samples.jobId(job));
    }

    private static final class Sums implements Account.Ledgers {

        private static final SpendLedger NOTHING = SpendLedger.newBuilder().build();

        private final Map<String, SpendLedger> all = new HashMap<>();

        @Override
        public SpendLedger tenant() {
            return all.getOrDefault("tenant", NOTHING);
        }

        @Override
        public SpendLedger key(String id) {
            return all.getOrDefault(id, NOTHING);
        }

        @Override
        public SpendLedger model(String name) {
            return all.getOrDefault(name, NOTHING);
        }
    }
}
