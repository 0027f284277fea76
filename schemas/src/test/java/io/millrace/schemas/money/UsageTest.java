package io.millrace.schemas.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class UsageTest {

    private static final Usage CALL = usage(10, 20, 3, 4, false);

    @Test
    void sumIsThatOfEachPart() {
        assertThat(CALL.plus(usage(1, 2, 1, 2, false))).isEqualTo(usage(11, 22, 4, 6, false));
    }

    @Test
    void sumIsEstimatedAsSoonAsAPartIs() {
        assertThat(CALL.plus(usage(0, 0, 0, 0, true)).estimated()).isTrue();
        assertThat(usage(0, 0, 0, 0, true).plus(CALL).estimated()).isTrue();
    }

    @Test
    void nothingAddedChangesNothing() {
        assertThat(CALL.plus(Usage.NONE)).isEqualTo(CALL);
        assertThat(Usage.NONE.plus(CALL)).isEqualTo(CALL);
    }

    @Test
    void totalCountsCachedAndReasoningTokensOnce() {
        assertThat(CALL.total()).isEqualTo(new Tokens(30));
    }

    @Test
    void recordCarriesEveryPart() {
        // Given
        Usage usage = usage(5, 6, 1, 2, true);

        // Then
        assertThat(Usage.from(usage.toRecord())).isEqualTo(usage);
        assertThat(usage.toRecord().getInputTokens()).isEqualTo(5);
        assertThat(usage.toRecord().getOutputTokens()).isEqualTo(6);
        assertThat(usage.toRecord().getCachedInputTokens()).isEqualTo(1);
        assertThat(usage.toRecord().getReasoningTokens()).isEqualTo(2);
        assertThat(usage.toRecord().getEstimated()).isTrue();
    }

    @Test
    void moreCachedThanInputTokensAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> usage(10, 0, 11, 0, false))
                .withMessage("cached input tokens must be at most the 10 of input, but were 11");
    }

    @Test
    void moreReasoningThanOutputTokensAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> usage(0, 10, 0, 11, false))
                .withMessage("reasoning tokens must be at most the 10 of output, but were 11");
    }

    private static Usage usage(
            long input, long output, long cached, long reasoning, boolean estimated) {
        return new Usage(
                new Tokens(input),
                new Tokens(output),
                new Tokens(cached),
                new Tokens(reasoning),
                estimated);
    }
}
