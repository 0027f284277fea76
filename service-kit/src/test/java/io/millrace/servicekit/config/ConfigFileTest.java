package io.millrace.servicekit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {

    private static final Setting<String> NAME = Setting.text("name", "A name");

    @Test
    void fileIsRead(@TempDir Path directory) throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("millrace.yaml"), "name: a\n");

        // Then
        assertThat(ConfigFile.read(file, Map.of()).get(NAME)).isEqualTo("a");
    }

    @Test
    void missingFileIsNamed(@TempDir Path directory) {
        Path file = directory.resolve("millrace.yaml");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.read(file, Map.of()))
                .withMessage(file + ": there is no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "null"})
    void emptyFileHasOnlyDefaults(String text) {
        assertThat(parse(text).find(NAME.withDefault("none"))).contains("none");
        assertThat(ConfigFile.absent(Map.of()).find(NAME)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0123", "1.10", "1e3", "0x1F", "yes", "on", "12:30:00", "1_000", "~x"})
    void scalarIsTheTextThatStandsThereAndNotWhatYamlMakesOfIt(String text) {
        assertThat(parse("name: " + text).get(NAME)).isEqualTo(text);
        assertThat(parse("name: '" + text + "'").get(NAME)).isEqualTo(text);
        assertThat(parse("name: [" + text + "]").all(NAME)).containsExactly(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"name:", "name: ~", "name: null"})
    void keyWithoutValueIsAbsent(String text) {
        assertThat(parse(text).has("name")).isFalse();
        assertThat(parse(text).find(NAME)).isEmpty();
        assertThat(parse("name: ''").find(NAME)).contains("");
        assertThat(parse("name: \"\"").find(NAME)).contains("");
    }

    @Test
    void syntaxErrorTellsTheLine() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("name: a\nother: [1, 2\nthird: 3\n"))
                .withMessageStartingWith("millrace.yaml: line 3: ")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void keyThatStandsTwiceIsRefusedWithItsLine() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("name: a\nname: b\n"))
                .withMessageStartingWith("millrace.yaml: line 2: ")
                .withMessageContaining("'name'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1, 2]", "text", "17"})
    void fileThatIsNoMappingIsRefused(String text) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse(text))
                .withMessage("millrace.yaml: must be a mapping of keys to values");
    }

    @Test
    void secondDocumentIsRefusedAndNotIgnored() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("name: a\n---\nname: b\n"))
                .withMessageContaining("must be one document, but is several");
    }

    @Test
    void nestingWithoutEndIsRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("name: " + "[".repeat(100_000)));
    }

    private static Section parse(String text) {
        return ConfigFile.parse("millrace.yaml", text, Map.of());
    }
}
