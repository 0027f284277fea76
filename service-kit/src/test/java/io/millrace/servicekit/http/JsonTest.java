package io.millrace.servicekit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m\",\"input\":[\"a\",\"ü漢😀\"],\"n\":null,\"b\":true}",
                "[]",
                "null",
                "1.10",
                "100.0",
                "0.1234567890123456789012345678901234567890",
                "123456789012345678901234567890"
            })
    void whatIsReadIsWrittenAsItWas(String text) {
        assertThat(new String(Json.bytes(parse(text)), StandardCharsets.UTF_8)).isEqualTo(text);
    }

    @Test
    void nestingUpToAHundredIsReadAndNoDeeper() {
        assertThat(parse("[".repeat(100) + "]".repeat(100))).isNotNull();
        refused("[".repeat(101) + "]".repeat(101));
        refused("{\"a\":".repeat(101) + "1" + "}".repeat(101));
        refused("[".repeat(1_000_000));
    }

    @Test
    void numberUpToAHundredDigitsIsReadAndNoLonger() {
        assertThat(parse("9".repeat(100)).isIntegralNumber()).isTrue();
        refused("9".repeat(101));
        refused("0." + "9".repeat(101));
    }

    @Test
    void nameUpToAThousandCharactersIsReadAndNoLonger() {
        assertThat(parse("{\"" + "a".repeat(1_000) + "\":1}")).hasSize(1);
        refused("{\"" + "a".repeat(1_500) + "\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "{} {}",
                "{}x",
                "{\"a\":1,}",
                "{'a':1}",
                "{a:1}",
                "NaN",
                "01",
                "+1",
                "\"a",
                "\"\u0001\"",
                "{\"a\"",
                "// c\n1",
                "tru"
            })
    void whatIsNoJsonIsRefused(String text) {
        refused(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t"})
    void emptyBodyIsToldApart(String text) {
        assertThatExceptionOfType(MalformedJsonException.class)
                .isThrownBy(() -> parse(text))
                .withMessage("the body is empty");
    }

    @Test
    void randomBytesAreNeverWorseThanMalformed() {
        RandomGenerator random = new SplittableRandom(4);
        String signs = "{}[]\":,0123e-.truefalsn \\u\u0000ü";
        for (int draw = 0; draw < 10_000; draw++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(30); length > 0; length--) {
                text.append(signs.charAt(random.nextInt(signs.length())));
            }
            try {
                assertThat(parse(text.toString())).as("seed 4, draw %d", draw).isNotNull();
            } catch (MalformedJsonException e) {
                assertThat(e.getMessage()).as("seed 4, draw %d", draw).startsWith("the body ");
            }
        }
    }

    private static void refused(String text) {
        assertThatExceptionOfType(MalformedJsonException.class)
                .isThrownBy(() -> parse(text))
                .withMessageStartingWith("the body is no JSON: ")
                .satisfies(
                        e -> assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(500));
    }

    private static JsonNode parse(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
