package io.millrace.servicekit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferenceTest {

    private static final Reference REFERENCE =
            new Reference(
                    "ingress.limits",
                    "What a request may cost.",
                    List.of(
                            Setting.size("body", "Largest body", 1 << 10, 16 << 20)
                                    .withDefault("4MiB"),
                            Setting.duration(
                                    "wait", "Longest wait", Duration.ZERO, Duration.ofMinutes(5)),
                            Setting.word("mode", "How", List.of("a", "b")).withDefault("a"),
                            Setting.secret("key", "The key")));

    @Test
    void pageShowsEveryKeyWithFormDefaultAndMeaning() {
        assertThat(REFERENCE.toMarkdown())
                .isEqualToNormalizingNewlines(
                        """
                        ## `ingress.limits`

                        What a request may cost.

                        | key | form | default | what |
                        |---|---|---|---|
                        | `body` | size, 1KiB to 16MiB | `4MiB` | Largest body |
                        | `wait` | duration, 0ms to 5m |  | Longest wait |
                        | `mode` | a \\| b | `a` | How |
                        | `key` | secret: `${NAME}`, `file:/path` or text |  | The key |
                        """);
    }

    @Test
    void keysAreThoseOfTheSettings() {
        assertThat(REFERENCE.keys()).containsExactly("body", "wait", "mode", "key");
    }
}
