package io.millrace.standalone.demo;

/**
 * A document to embed.
 *
 * @param name path within its folder
 * @param text its words, without mark-up
 */
record Document(String name, String text) {

    Document {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name of a document must not be empty");
        }
    }
}
