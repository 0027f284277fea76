package io.millrace.standalone.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReferencePagesTest {

    private static final Path DOCS = Path.of("..", "docs");

    @ParameterizedTest
    @ValueSource(strings = {"configuration.md", "metrics.md"})
    void pageSaysWhatTheCodeSays(String name) throws IOException {
        assertThat(Files.readString(DOCS.resolve(name)))
                .as("a stale page is written anew by: ./millrace docs docs")
                .isEqualTo(ReferencePages.all().get(name));
    }
}
