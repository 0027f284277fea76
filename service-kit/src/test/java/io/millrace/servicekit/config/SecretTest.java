package io.millrace.servicekit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {

    private static final String WORD = "correct-horse-battery-staple";
    private static final Setting<Secret> KEY = Setting.secret("api-key", "A key");
    private static final Map<String, String> ENVIRONMENT = Map.of("KEY", WORD, "EMPTY", " ");

    @TempDir Path directory;

    @Test
    void referenceToTheEnvironmentStaysAReference() {
        // When
        Secret secret = secret("${KEY}");

        // Then
        assertThat(secret).isEqualTo(new Secret.Environment("KEY"));
        assertThat(secret.reveal(ENVIRONMENT)).isEqualTo(WORD);
    }

    @Test
    void contentOfAFileIsReadAnewEachTime() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("key"), "first\n");
        Secret secret = secret("file:" + file);
        assertThat(secret.reveal(ENVIRONMENT)).isEqualTo("first");

        // When
        Files.writeString(file, "  second  \n\n");

        // Then
        assertThat(secret.reveal(ENVIRONMENT)).isEqualTo("second");
    }

    @Test
    void digitsOfASecretStayAsTheyStand() {
        assertThat(secret("00112233").reveal(ENVIRONMENT)).isEqualTo("00112233");
    }

    @Test
    void noSecretIsInItsText() {
        Section section =
                ConfigFile.parse("millrace.yaml", "api-key: " + WORD, Map.of("KEY", WORD));

        assertThat(secret(WORD)).asString().doesNotContain(WORD).isEqualTo("Literal[***]");
        assertThat(secret("${KEY}")).asString().doesNotContain(WORD);
        assertThat(section).hasToString("Section[millrace.yaml: ]");
    }

    @Test
    void secretThatIsNotWhereItShouldBeIsToldWithoutShowingAnything() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secret("${MISSING}").reveal(ENVIRONMENT))
                .withMessage("environment variable MISSING is not set");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secret("${EMPTY}").reveal(ENVIRONMENT))
                .withMessage("must not be empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secret("file:/no/such/file").reveal(ENVIRONMENT))
                .withMessage("cannot read /no/such/file");
    }

    @Test
    void emptySecretIsRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> secret("\"\""))
                .withMessage("millrace.yaml: api-key: must not be empty");
    }

    @Test
    void referenceWithinATextIsRefusedAndNotTakenForTheSecret() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> secret("sk-${KEY}"))
                .withMessage(
                        "millrace.yaml: api-key: must be ${NAME} alone, file:/path or the secret"
                                + " itself");
    }

    private static Secret secret(String text) {
        return ConfigFile.parse("millrace.yaml", "api-key: " + text, ENVIRONMENT).get(KEY);
    }
}
