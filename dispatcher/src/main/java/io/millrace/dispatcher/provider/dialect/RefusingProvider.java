package io.millrace.dispatcher.provider.dialect;

import io.millrace.dispatcher.provider.ErrorBody;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.schemas.money.Usage;

/** A provider that cannot be called as it is configured, and says why to every call. */
final class RefusingProvider implements Provider {

    private final ProviderError error;

    RefusingProvider(String why) {
        this.error = new ProviderError("provider_misconfigured", why, "server_error");
    }

    @Override
    public Outcome call(ProviderCall call) {
        return new Outcome.Refused(502, ErrorBody.of(error), error, Usage.NONE);
    }

    @Override
    public void close() {}
}
