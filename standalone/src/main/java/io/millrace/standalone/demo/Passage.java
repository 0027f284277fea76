package io.millrace.standalone.demo;

/**
 * A part of a document that is embedded as a whole.
 *
 * @param document name of the document
 * @param number place in the document, from 1
 * @param text its words
 */
public record Passage(String document, int number, String text) {

    public Passage {
        if (number < 1) {
            throw new IllegalArgumentException(
                    "number of a passage must be 1 or more, but was " + number);
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException("text of a passage must not be empty");
        }
    }
}
