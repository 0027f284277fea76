package io.millrace.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRuleTest {

    private static final AddressRule STRICT = new AddressRule(false);
    private static final AddressRule OPEN = new AddressRule(true);

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, PUBLIC",
        "1.1.1.1, PUBLIC",
        "9.255.255.255, PUBLIC",
        "11.0.0.0, PUBLIC",
        "100.63.255.255, PUBLIC",
        "100.128.0.0, PUBLIC",
        "172.15.255.255, PUBLIC",
        "172.32.0.0, PUBLIC",
        "192.167.255.255, PUBLIC",
        "223.255.255.255, PUBLIC",
        "2606:4700::1111, PUBLIC",
        "2001:4860:4860::8888, PUBLIC",
        "127.0.0.1, PRIVATE",
        "127.255.255.255, PRIVATE",
        "10.0.0.1, PRIVATE",
        "172.16.0.1, PRIVATE",
        "172.31.255.255, PRIVATE",
        "192.168.1.1, PRIVATE",
        "100.64.0.1, PRIVATE",
        "100.127.255.255, PRIVATE",
        "100.100.100.199, PRIVATE",
        "100.100.100.200, NEVER",
        "168.63.129.15, PUBLIC",
        "168.63.129.16, NEVER",
        "fd00:ec2::254, NEVER",
        "fd20:ce::254, NEVER",
        "::1, PRIVATE",
        "fc00::1, PRIVATE",
        "fdff::1, PRIVATE",
        "::ffff:127.0.0.1, PRIVATE",
        "::ffff:169.254.169.254, NEVER",
        "0.0.0.0, NEVER",
        "169.254.169.254, NEVER",
        "192.0.0.8, NEVER",
        "192.0.2.1, NEVER",
        "192.88.99.1, NEVER",
        "198.18.0.1, NEVER",
        "198.51.100.1, NEVER",
        "203.0.113.1, NEVER",
        "224.0.0.1, NEVER",
        "239.1.1.1, NEVER",
        "240.0.0.1, NEVER",
        "255.255.255.255, NEVER",
        "'::', NEVER",
        "fe80::1, NEVER",
        "fec0::1, NEVER",
        "ff02::1, NEVER",
        "64:ff9b::7f00:1, NEVER",
        "64:ff9b:1::1, NEVER",
        "2002:7f00:1::, NEVER",
        "2001::1, NEVER",
        "2001:db8::1, NEVER",
        "3fff::1, NEVER",
        "100::1, NEVER",
        "::127.0.0.1, NEVER",
        "::ffff:0:127.0.0.1, NEVER"
    })
    void addressesAreOfTheirClass(String address, AddressClass kind) {
        assertThat(AddressClass.of(InetAddress.ofLiteral(address))).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/",
                "https://127.0.0.1/",
                "https://localhost/",
                "https://a.localhost:8443/",
                "https://10.1.2.3/x",
                "https://[::1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://[64:ff9b::a00:1]/",
                "https://[fe80::1%25lo]/",
                "https://2130706433/",
                "https://0x7f.0.0.1/",
                "https://127.1/",
                "https://example.com\r\nX-A: 1/",
                "https://example.com/\r\nX-A: 1",
                "https://user@example.com/",
                "https://example.com/#x",
                "https://example.com:0/",
                "https://example.com:70000/",
                "https:///x",
                "ftp://example.com/",
                "example.com",
                "",
                "https://exa mple.com/"
            })
    void suchAddressesAreRefusedByTheirText(String url) {
        assertThat(STRICT.judge(url)).isInstanceOf(AddressRule.Verdict.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com",
                "https://example.com:8443/hook?token=1",
                "https://8.8.8.8/",
                "https://[2606:4700::1111]/"
            })
    void suchAddressesMayBeAPublicReceiver(String url) {
        assertThat(STRICT.judge(url)).isInstanceOf(AddressRule.Verdict.Allowed.class);
        assertThat(OPEN.judge(url)).isInstanceOf(AddressRule.Verdict.Allowed.class);
    }

    @Test
    void longAddressesAreRefused() {
        String longest = "https://example.com/" + "x".repeat(2048 - 20);

        assertThat(STRICT.judge(longest)).isInstanceOf(AddressRule.Verdict.Allowed.class);
        assertThat(STRICT.judge(longest + "x")).isInstanceOf(AddressRule.Verdict.Refused.class);
    }

    @Test
    void privateNetworksAndPlainHttpToThemAreAllowedOnlyByTheDeployment() {
        assertThat(OPEN.judge("http://127.0.0.1:9000/"))
                .isInstanceOf(AddressRule.Verdict.Allowed.class);
        assertThat(OPEN.judge("http://localhost/")).isInstanceOf(AddressRule.Verdict.Allowed.class);
        assertThat(OPEN.judge("http://8.8.8.8/")).isInstanceOf(AddressRule.Verdict.Refused.class);
        assertThat(OPEN.judge("http://169.254.169.254/"))
                .isInstanceOf(AddressRule.Verdict.Refused.class);
    }

    @Test
    void whatANameLeadsToIsJudgedToo() {
        URI https = URI.create("https://example.com/");
        URI http = URI.create("http://example.com/");
        InetAddress inner = InetAddress.ofLiteral("10.0.0.1");
        InetAddress outer = InetAddress.ofLiteral("8.8.8.8");

        assertThat(STRICT.allows(inner, https)).isFalse();
        assertThat(STRICT.allows(outer, https)).isTrue();
        assertThat(OPEN.allows(inner, http)).isTrue();
        assertThat(OPEN.allows(outer, http)).isFalse();
        assertThat(OPEN.allows(InetAddress.ofLiteral("169.254.169.254"), http)).isFalse();
    }
}
