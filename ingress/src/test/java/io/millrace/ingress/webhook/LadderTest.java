package io.millrace.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LadderTest {

    private static final List<Duration> STEPS =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofHours(2),
                    Duration.ofHours(5),
                    Duration.ofHours(10),
                    Duration.ofHours(14),
                    Duration.ofHours(20),
                    Duration.ofHours(24));

    @Test
    void eachStepIsItsOwnLengthGiveOrTakeATenth() {
        Random random = new Random(11);
        for (int draw = 0; draw < 200; draw++) {
            for (int failures = 1; failures <= STEPS.size(); failures++) {
                Duration step = STEPS.get(failures - 1);
                Duration tenth = step.dividedBy(10);

                assertThat(Ladder.after(failures, random).orElseThrow())
                        .isBetween(step.minus(tenth), step.plus(tenth));
            }
        }
    }

    @Test
    void afterTheTenthTryItIsGivenUp() {
        assertThat(Ladder.after(Ladder.TRIES - 1, new Random(1))).isPresent();
        assertThat(Ladder.after(Ladder.TRIES, new Random(1))).isEmpty();
    }

    @Test
    void whatFailedTogetherDoesNotComeBackTogether() {
        Random random = new Random(1);

        assertThat(Ladder.after(2, random)).isNotEqualTo(Ladder.after(2, random));
    }
}
