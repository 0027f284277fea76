package io.millrace.servicekit.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-" + TRACE + "-" + SPAN + "-01",
                " 00-" + TRACE + "-" + SPAN + "-01 ",
                "cc-" + TRACE + "-" + SPAN + "-01",
                "cc-" + TRACE + "-" + SPAN + "-01-what-the-future-will-be-like"
            })
    void headerOfThisAndOfAFutureVersionIsRead(String header) {
        assertThat(TraceParent.parse(header)).contains(new TraceParent(TRACE, SPAN, "01"));
    }

    @Test
    void whatIsReadIsWrittenAsItWas() {
        String header = "00-" + TRACE + "-" + SPAN + "-00";

        assertThat(TraceParent.parse(header).orElseThrow().header()).isEqualTo(header);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-" + TRACE + "-" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN,
                "00-" + TRACE + "-" + SPAN + "-01-extra",
                "00-" + TRACE + "-" + SPAN + "-01-",
                "cc-" + TRACE + "-" + SPAN + "-01.extra",
                "00-" + TRACE + "-" + SPAN + "-1",
                "0-" + TRACE + "-" + SPAN + "-01",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
                "00-" + TRACE + "0-" + SPAN + "-01",
                "00_" + TRACE + "_" + SPAN + "_01"
            })
    void headerThatIsNotValidIsIgnored(String header) {
        assertThat(TraceParent.parse(header)).isEmpty();
    }

    @Test
    void newTraceIsValidAndSampled() {
        RandomGenerator random = new SplittableRandom(5);
        for (int draw = 0; draw < 1_000; draw++) {
            TraceParent start = TraceParent.start(random);

            assertThat(TraceParent.parse(start.header())).contains(start);
            assertThat(start.flags()).isEqualTo("01");
        }
    }

    @Test
    void childHasASpanOfItsOwnInTheSameTrace() {
        // Given
        TraceParent parent = new TraceParent(TRACE, SPAN, "00");

        // When
        TraceParent child = parent.child(new SplittableRandom(6));

        // Then
        assertThat(child.traceId()).isEqualTo(TRACE);
        assertThat(child.spanId()).isNotEqualTo(SPAN).matches("[0-9a-f]{16}");
        assertThat(child.flags()).isEqualTo("00");
    }

    @Test
    void partsOfAnotherFormAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TraceParent("0".repeat(32), SPAN, "01"))
                .withMessageStartingWith("no trace id");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TraceParent(TRACE, "0".repeat(16), "01"))
                .withMessageStartingWith("no span id");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TraceParent(TRACE, SPAN, "1"))
                .withMessageStartingWith("no trace flags");
    }
}
