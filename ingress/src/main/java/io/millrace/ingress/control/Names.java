package io.millrace.ingress.control;

import io.millrace.servicekit.config.Setting;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The forms that names of tenants, keys, providers and models have in the file. */
final class Names {

    private static final Pattern ENTITY = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern MODEL =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}\\*?|\\*");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern MODEL_PATTERN = Pattern.compile("[A-Za-z0-9._:/@+-]{0,200}\\*?");

    private Names() {}

    /** A name of a tenant or a provider. */
    static Setting<String> entity(String key, String doc) {
        return matching(key, doc, ENTITY);
    }

    /** A name of an API key. */
    static Setting<String> apiKey(String key, String doc) {
        return matching(key, doc, KEY);
    }

    /** A name that clients ask a model by; one trailing * allowed. */
    static Setting<String> model(String key, String doc) {
        return matching(key, doc, MODEL);
    }

    /** A pattern of model names: exact, with one trailing *, or * for all. */
    static Setting<String> modelPattern(String key, String doc) {
        return matching(key, doc, MODEL_PATTERN);
    }

    private static Setting<String> matching(String key, String doc, Pattern form) {
        UnaryOperator<String> check =
                text -> {
                    if (text.isEmpty() || !form.matcher(text).matches()) {
                        throw new IllegalArgumentException(
                                "must match %s, but was '%s'".formatted(form, text));
                    }
                    return text;
                };
        return new Setting<>(
                key,
                doc,
                "text, `" + form.pattern().replace("|", "\\|") + "`",
                Optional.empty(),
                check);
    }
}
