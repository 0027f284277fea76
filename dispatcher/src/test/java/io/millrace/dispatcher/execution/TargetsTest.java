package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.execution.Jobs.ERROR;
import static io.millrace.dispatcher.execution.Stage.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.settlement.Settlement.Ending.Moved;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.ModelState;
import io.millrace.schemas.avro.TargetState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where calls go when targets are full, closed, limited or gone. */
@Timeout(60)
class TargetsTest {

    private static final Outcome LIMITED =
            new Outcome.Retryable(429, new byte[0], ERROR, Optional.of(Duration.ofMinutes(1)));

    @Test
    void jobGoesToTheNextTargetAtOnceWhenTheFirstAsksForAPause() {
        try (Stage stage = new Stage(10, TargetsTest::firstIsLimited)) {
            // Given
            stage.provider(Jobs.provider("q").build());
            stage.model(model("m", "failover", target("p", "first"), target("q", "second")));

            // When
            stage.accept(1);
            Terminal one = (Terminal) stage.next().ending();
            stage.accept(2);
            Terminal two = (Terminal) stage.next().ending();

            // Then: the first is not asked again before its time
            assertThat(one.result().getStatus()).isEqualTo(JobStatus.COMPLETED);
            assertThat(two.result().getStatus()).isEqualTo(JobStatus.COMPLETED);
            assertThat(stage.calls)
                    .extracting(ProviderCall::model)
                    .containsExactly("first", "second", "second");
        }
    }

    @Test
    void jobWhoseOnlyTargetAsksForAPauseWaitsInTheLog() {
        try (Stage stage = new Stage(10, TargetsTest::firstIsLimited)) {
            // Given
            stage.model(model("m", "weighted", target("p", "first")));

            // When
            stage.accept(1);

            // Then
            assertThat(stage.next().ending()).isInstanceOf(Moved.class);
        }
    }

    @Test
    void fallbackModelIsUsedWhileAllTargetsAreOut() {
        try (Stage stage = new Stage(10, TargetsTest::firstIsLimited)) {
            // Given
            stage.provider(Jobs.provider("q").build());
            stage.model(model("m", "weighted", target("p", "first")));
            stage.model(model("other", "weighted", target("q", "second")));
            ModelState withFallback =
                    ModelState.newBuilder(model("m", "weighted", target("p", "first")))
                            .setFallbacks(List.of("unknown", "other"))
                            .build();
            stage.model(withFallback);

            // When
            stage.accept(1);

            // Then
            Terminal terminal = (Terminal) stage.next().ending();
            assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.COMPLETED);
            assertThat(stage.calls)
                    .extracting(ProviderCall::model)
                    .containsExactly("first", "second");
        }
    }

    @Test
    void fallbackModelIsUsedWhenControlDoesNotKnowTheProvider() {
        try (Stage stage = new Stage(10, _ -> OK)) {
            // Given
            stage.model(model("other", "weighted", target("p", "second")));
            stage.model(
                    ModelState.newBuilder(model("m", "weighted", target("gone", "first")))
                            .setFallbacks(List.of("other"))
                            .build());

            // When
            stage.accept(1);

            // Then
            assertThat(stage.next().ending()).isInstanceOf(Terminal.class);
            assertThat(stage.calls).extracting(ProviderCall::model).containsExactly("second");
        }
    }

    @Test
    void retriesThatTheirBudgetDoesNotAllowWaitInTheLog() {
        // Given: answers that are the target's fault, but close nothing
        Outcome again = new Outcome.Retryable(409, new byte[0], ERROR, Optional.of(Duration.ZERO));
        int retries = 0;
        int moved = 0;
        try (Stage stage = new Stage(10, call -> call.attempt() == 1 ? again : failed())) {
            // When
            for (int job = 1; job <= 60; job++) {
                stage.accept(job);
                if (stage.next().ending() instanceof Moved) {
                    moved++;
                }
            }
            retries = (int) stage.calls.stream().filter(call -> call.attempt() > 1).count();
        }

        // Then
        assertThat(moved).isPositive();
        assertThat(retries).isLessThanOrEqualTo(10 + 60 / 10);
    }

    @Test
    void keyThatIsSetAsideSaysNothingOfItsTarget() {
        // Given
        ProviderError key = new ProviderError(ProviderError.KEY_SET_ASIDE, "key", "server_error");
        Outcome aside = new Outcome.Retryable(429, new byte[0], key, Optional.of(Duration.ZERO));
        try (Stage stage = new Stage(10, call -> call.attempt() == 1 ? aside : OK)) {
            // When
            stage.accept(1);

            // Then
            Terminal terminal = (Terminal) stage.next().ending();
            assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.COMPLETED);
            assertThat(stage.calls).hasSize(2);
        }
    }

    private static Outcome failed() {
        return new Outcome.Retryable(409, new byte[0], ERROR, Optional.of(Duration.ofSeconds(9)));
    }

    private static Outcome firstIsLimited(ProviderCall call) {
        return call.model().equals("first") ? LIMITED : OK;
    }

    private static TargetState target(String provider, String model) {
        return TargetState.newBuilder().setProvider(provider).setModel(model).build();
    }

    private static ModelState model(String name, String strategy, TargetState... targets) {
        return Jobs.model(name, "p").setStrategy(strategy).setTargets(List.of(targets)).build();
    }
}
