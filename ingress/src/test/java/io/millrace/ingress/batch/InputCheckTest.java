package io.millrace.ingress.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.BatchInputError;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputCheckTest {

    private static final BatchLimits LIMITS = new BatchLimits(50, 1000);

    @Test
    void soundFileIsCountedWithoutItsTrailingBreaks() throws IOException {
        assertThat(check(TestInput.lines(3))).isEqualTo(new Verdict.Sound(3, 7 * 3));
        assertThat(check(TestInput.lines(3) + "\n  \n")).isEqualTo(new Verdict.Sound(3, 7 * 3));
        assertThat(check(TestInput.line("a"))).isEqualTo(new Verdict.Sound(1, 7 * 1));
        assertThat(check(TestInput.line("a") + "\r\n")).isEqualTo(new Verdict.Sound(1, 7 * 1));
    }

    @Test
    void emptyFileIsRefused() throws IOException {
        assertThat(errors("")).extracting(BatchInputError::getCode).containsExactly("empty_file");
        assertThat(errors("\n\n"))
                .extracting(BatchInputError::getCode)
                .containsExactly("empty_file");
    }

    @Test
    void emptyLineBetweenOthersIsRefusedWithItsNumber() throws IOException {
        // When
        List<BatchInputError> errors =
                errors(TestInput.line("a") + "\n\n" + TestInput.line("b") + "\n");

        // Then
        assertThat(errors).extracting(BatchInputError::getLine).containsExactly(2);
    }

    @Test
    void secondLineOfTheSameIdIsNamed() throws IOException {
        // When
        List<BatchInputError> errors =
                errors(
                        String.join(
                                "\n",
                                TestInput.line("a"),
                                TestInput.line("b"),
                                TestInput.line("a")));

        // Then
        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst().getCode()).isEqualTo("duplicate_custom_id");
        assertThat(errors.getFirst().getLine()).isEqualTo(3);
        assertThat(errors.getFirst().getParam()).isEqualTo("custom_id");
    }

    @Test
    void everyWrongLineIsNamedUpToAHundred() throws IOException {
        // Given
        BatchLimits many = new BatchLimits(1000, 1000);

        // When
        Verdict verdict =
                new InputCheck(TestInput.ENDPOINT, many, _ -> 7)
                        .check(TestInput.stream("no\n".repeat(300)));

        // Then
        assertThat(verdict).isInstanceOf(Verdict.Unsound.class);
        assertThat(((Verdict.Unsound) verdict).errors())
                .hasSize(100)
                .extracting(BatchInputError::getLine)
                .startsWith(1, 2, 3)
                .endsWith(100);
    }

    @Test
    void fileWithMoreLinesThanAllowedIsRefusedAsAWhole() throws IOException {
        assertThat(check(TestInput.lines(50))).isEqualTo(new Verdict.Sound(50, 7 * 50));
        assertThat(errors(TestInput.lines(51)))
                .extracting(BatchInputError::getCode)
                .containsExactly("too_many_lines");
    }

    @Test
    void lineAboveTheLimitOfABodyIsRefused() throws IOException {
        assertThat(errors(TestInput.line("a", "\"input\":\"%s\"".formatted("x".repeat(1000)))))
                .extracting(BatchInputError::getCode)
                .containsExactly("line_too_long");
    }

    @ParameterizedTest(name = "{1} {2}: {0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    no json                                                       | invalid_json_line          |
                    ["array"]                                                     | invalid_json_line          |
                    {"custom_id":"a","custom_id":"b"}                             | invalid_json_line          |
                    {} {}                                                         | invalid_json_line          |
                    {}                                                            | missing_required_parameter | custom_id
                    {"custom_id":""}                                              | missing_required_parameter | custom_id
                    {"custom_id":7}                                               | missing_required_parameter | custom_id
                    {"custom_id":"a"}                                             | missing_required_parameter | method
                    {"custom_id":"a","method":"GET"}                              | invalid_method             | method
                    {"custom_id":"a","method":"POST"}                             | missing_required_parameter | url
                    {"custom_id":"a","method":"POST","url":"/v1/x"}               | mismatched_url             | url
                    {"custom_id":"a","method":"POST","url":"/v1/embeddings"}      | missing_required_parameter | body
                    {"custom_id":"a","method":"POST","url":"/v1/embeddings","body":"x"} | invalid_body         | body
                    {"custom_id":"a","method":"POST","url":"/v1/embeddings","body":{}} | missing_required_parameter | body.model
                    {"custom_id":"a","method":"POST","url":"/v1/embeddings","body":{"model":"m","stream":true}} | stream_not_supported | body.stream
                    {"custom_id":"a","tenant":"other","method":"POST"}            | unknown_parameter          | tenant
                    """)
    void wrongLineIsToldByCodeAndField(String line, String code, String param) throws IOException {
        // Given
        String file = TestInput.line("first") + "\n" + line + "\n";

        // When
        List<BatchInputError> errors = errors(file);

        // Then
        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst().getCode()).isEqualTo(code);
        assertThat(errors.getFirst().getParam()).isEqualTo(param);
        assertThat(errors.getFirst().getLine()).isEqualTo(2);
    }

    @Test
    void lineThatSaysItIsNotStreamedIsSound() throws IOException {
        assertThat(check(TestInput.line("a", "\"stream\":false")))
                .isEqualTo(new Verdict.Sound(1, 7 * 1));
        assertThat(check(TestInput.line("a", "\"stream\":null")))
                .isEqualTo(new Verdict.Sound(1, 7 * 1));
    }

    private static Verdict check(String file) throws IOException {
        return new InputCheck(TestInput.ENDPOINT, LIMITS, _ -> 7).check(TestInput.stream(file));
    }

    private static List<BatchInputError> errors(String file) throws IOException {
        Verdict verdict = check(file);
        assertThat(verdict).isInstanceOf(Verdict.Unsound.class);
        return ((Verdict.Unsound) verdict).errors();
    }
}
