package io.millrace.servicekit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SectionTest {

    private static final Setting<String> TEXT = Setting.text("text", "A text");
    private static final Setting<String> WORD = Setting.word("word", "A", List.of("one", "two"));
    private static final Setting<Long> NUMBER = Setting.number("number", "A number", 1, 10);
    private static final Setting<Integer> INTEGER = Setting.integer("integer", "A number", 0, 9);
    private static final Setting<BigDecimal> DECIMAL =
            Setting.decimal("decimal", "A decimal", "0", "100.5");
    private static final Setting<Boolean> FLAG = Setting.flag("flag", "A flag");
    private static final Setting<Duration> DURATION =
            Setting.duration("duration", "A", Duration.ofMillis(100), Duration.ofDays(1));
    private static final Setting<Long> SIZE = Setting.size("size", "A size", 1, 1 << 20);
    private static final Setting<URI> URL = Setting.url("url", "A URL");

    private static final Map<String, String> ENVIRONMENT =
            Map.of("HOST", "example.com", "PATH_", "a$1\\b", "N", "7");

    @Test
    void absentKeysHaveTheirDefaults() {
        Section empty = parse("{}");

        assertThat(empty.get(TEXT.withDefault("x"))).isEqualTo("x");
        assertThat(empty.get(DURATION.withDefault("10m"))).isEqualTo(Duration.ofMinutes(10));
        assertThat(empty.get(NUMBER.withDefault("${N}"))).isEqualTo(7);
        assertThat(empty.find(TEXT)).isEmpty();
        assertThat(empty.all(TEXT)).isEmpty();
        assertThat(empty.all(TEXT.withDefault("x"))).containsExactly("x");
        assertThat(empty.list("list")).isEmpty();
        assertThat(empty.texts("map")).isEmpty();
        assertThat(empty.section("inner").find(TEXT)).isEmpty();
        assertThat(empty.has("text")).isFalse();
    }

    @Test
    void everyKindOfValueIsRead() {
        // Given
        Section section =
                parse(
                        """
                        text: "a b"
                        word: two
                        number: 10
                        integer: 0
                        decimal: 100.50
                        flag: true
                        duration: 24h
                        size: 1MiB
                        url: http://127.0.0.1:8080/base
                        """);

        // Then
        assertThat(section.get(TEXT)).isEqualTo("a b");
        assertThat(section.get(WORD)).isEqualTo("two");
        assertThat(section.get(NUMBER)).isEqualTo(10);
        assertThat(section.get(INTEGER)).isZero();
        assertThat(section.get(DECIMAL)).isEqualByComparingTo("100.5");
        assertThat(section.get(FLAG)).isTrue();
        assertThat(section.get(DURATION)).isEqualTo(Duration.ofDays(1));
        assertThat(section.get(SIZE)).isEqualTo(1 << 20);
        assertThat(section.get(URL)).isEqualTo(URI.create("http://127.0.0.1:8080/base"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    text     | {a: 1}              | must be a single value
                    text     | [a]                 | must be a single value
                    text     | ${MISSING}          | environment variable MISSING is not set
                    word     | three               | must be one of [one, two], but was 'three'
                    number   | 0                   | must be between 1 and 10, but was 0
                    number   | 11                  | must be between 1 and 10, but was 11
                    number   | 1.5                 | must be a whole number, but was '1.5'
                    number   | 99999999999999999999 | must be a whole number, but was '99999999999999999999'
                    integer  | -1                  | must be between 0 and 9, but was -1
                    decimal  | 100.51              | must be between 0 and 100.5, but was 100.51
                    decimal  | 1e999999999         | must be between 0 and 100.5, but was 1e999999999
                    decimal  | NaN                 | must be a number, but was 'NaN'
                    flag     | yes                 | must be true or false, but was 'yes'
                    duration | 99ms                | must be between 100ms and 1d, but was 99ms
                    duration | 25h                 | must be between 100ms and 1d, but was 25h
                    duration | 5                   | must be a duration such as 500ms, 5s, 10m, 24h or 30d, but was '5'
                    size     | 2MiB                | must be between 1B and 1MiB, but was 2MiB
                    url      | ftp://example.com   | must be an http or https URL without user, query and fragment
                    url      | http://             | must be a URL, but was 'http://'
                    url      | /path               | must be an http or https URL without user, query and fragment
                    url      | http://u:p@a/       | must be an http or https URL without user, query and fragment
                    url      | http://a/?q=1       | must be an http or https URL without user, query and fragment
                    """)
    void refusalNamesFileKeyAndReason(String key, String value, String reason) {
        Section inner = parse("rooms:\n- {}\n- %s: %s".formatted(key, value)).list("rooms").get(1);

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> inner.get(setting(key)))
                .withMessage("millrace.yaml: rooms[1].%s: %s", key, reason);
    }

    @Test
    void missingKeyWithoutDefaultIsRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("inner: {}").section("inner").get(TEXT))
                .withMessage("millrace.yaml: inner.text: is missing");
    }

    @Test
    void unknownKeyIsRefusedWithThoseThatAreKnown() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("in: {txt: 1}").section("in").allow(List.of("text")))
                .withMessage("millrace.yaml: in.txt: unknown key; known are [text]");
    }

    @Test
    void knownKeysAreAllowed() {
        parse("{text: 1, word: 2}").allow(List.of("text", "word", "number"));
    }

    @Test
    void environmentIsReadWithinAValueAndItsOwnSignsMeanNothing() {
        assertThat(parse("text: https://${HOST}/${PATH_}").get(TEXT))
                .isEqualTo("https://example.com/a$1\\b");
        assertThat(parse("text: $HOST ${} ${1}").get(TEXT)).isEqualTo("$HOST ${} ${1}");
    }

    @Test
    void listIsReadInItsOrderAndOneValueIsAListOfOne() {
        assertThat(parse("number: [3, 1, \"${N}\"]").all(NUMBER)).containsExactly(3L, 1L, 7L);
        assertThat(parse("number: 3").all(NUMBER)).containsExactly(3L);
        assertThat(parse("number: []").all(NUMBER)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [1, 11]   | number[1]: must be between 1 and 10, but was 11
                    [1, ~]    | number[1]: is missing
                    [1, [2]]  | number[1]: must be a single value
                    {a: 1}    | number: must be a single value
                    """)
    void refusalOfAListTellsWhichOne(String value, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("number: " + value).all(NUMBER))
                .withMessage("millrace.yaml: " + message);
    }

    @Test
    void sectionsMustBeMappingsAndListsOfThem() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("a: 1").section("a"))
                .withMessage("millrace.yaml: a: must be a mapping of keys to values");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("a: {b: 1}").list("a"))
                .withMessage("millrace.yaml: a: must be a list");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("a: [{}, 1]").list("a"))
                .withMessage("millrace.yaml: a[1]: must be a mapping of keys to values");
    }

    @Test
    void mappingOfTextsKeepsAnyKeyInItsOrder() {
        assertThat(parse("map: {sasl.b: \"${N}\", a: 01, c: ~}").texts("map"))
                .containsExactly(Map.entry("sasl.b", "7"), Map.entry("a", "01"));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("map: {a.b: [1]}").texts("map"))
                .withMessage("millrace.yaml: map.a.b: must be a single value");
    }

    @Test
    void editedSectionLeavesTheFormerAsItWas() {
        // Given
        Section before = parse("text: a");

        // When
        Section after = before.edited(values -> values.put("text", "b").put("number", 3));

        // Then
        assertThat(after.get(TEXT)).isEqualTo("b");
        assertThat(after.get(NUMBER)).isEqualTo(3);
        assertThat(before.get(TEXT)).isEqualTo("a");
        assertThat(before.has("number")).isFalse();
    }

    private static Section parse(String text) {
        return ConfigFile.parse("millrace.yaml", text, ENVIRONMENT);
    }

    private static Setting<?> setting(String key) {
        return List.of(TEXT, WORD, NUMBER, INTEGER, DECIMAL, FLAG, DURATION, SIZE, URL).stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .orElseThrow();
    }
}
