package io.millrace.servicekit.config;

/** A configuration that cannot be used; the message is one line of file, key and reason. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Tells what is wrong where.
     *
     * @param file name of the file, or what stands in its place
     * @param key path of the key, such as {@code providers[0].base-url}; empty for the file as a
     *     whole
     * @param reason what is wrong
     */
    public ConfigException(String file, String key, String reason) {
        super(key.isEmpty() ? file + ": " + reason : file + ": " + key + ": " + reason);
    }
}
