package io.millrace.dispatcher.provider.openai;

import io.millrace.dispatcher.provider.Calls;
import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.ProviderContract;
import io.millrace.dispatcher.provider.http.AnswerMemory;
import io.millrace.dispatcher.provider.http.HttpLimits;
import io.millrace.dispatcher.provider.http.Transport;
import io.millrace.dispatcher.provider.json.JsonProvider;
import io.millrace.simulatedprovider.SimulatedProvider;
import io.millrace.simulatedprovider.SimulatedProviderConfig;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenAiContractTest implements ProviderContract {

    private static SimulatedProvider simulated;
    private static Provider provider;

    @BeforeAll
    static void open() throws IOException {
        simulated = SimulatedProvider.start(SimulatedProviderConfig.DEFAULTS);
        provider =
                new JsonProvider(
                        new OpenAi(),
                        "sim",
                        simulated.url() + "/v1",
                        List::of,
                        HttpLimits.of(16, Calls.LONG, Calls.LONG, Calls.LONG),
                        Transport.DEFAULT,
                        AnswerMemory.ofHeap(),
                        InstantSource.system());
    }

    @AfterAll
    static void close() throws IOException {
        provider.close();
        simulated.close();
    }

    @Override
    public Provider provider() {
        return provider;
    }

    @Override
    public String model() {
        return "sim";
    }
}
