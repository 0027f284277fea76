package io.millrace.dispatcher.provider;

/**
 * What went wrong with a call, in the terms of OpenAI's error object.
 *
 * @param code stable code, such as {@code rate_limit_exceeded}
 * @param message for a person; never part of a prompt, a completion or a key
 * @param type class of the error, such as {@code server_error}
 */
public record ProviderError(String code, String message, String type) {

    /** The code of an error that only concerned one API key, while others go on. */
    public static final String KEY_SET_ASIDE = "provider_key_set_aside";
}
