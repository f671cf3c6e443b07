using Gatehouse.Client;

namespace Gatehouse.Tests.Client;

/// <summary>Settings of a relying service.</summary>
public sealed class ClientOptionsTests
{
    [Fact]
    public void Good_settings_are_accepted_and_the_audience_is_the_issuer_unless_set()
    {
        var options = Good();
        Assert.True(new GatehouseClientOptionsCheck().Validate(name: null, options).Succeeded);
        Assert.Equal("https://id.example.com", options.ExpectedAudience);
        Assert.Equal("https://id.example.com/", options.HttpBase.AbsoluteUri);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var failed = new GatehouseClientOptionsCheck().Validate(name: null, new GatehouseClientOptions()).Failures!;
        Assert.Equal(4, failed.Count());
    }

    [Theory]
    [InlineData("id.example.com")]
    [InlineData("ftp://id.example.com")]
    [InlineData("http://id.example.com")]
    [InlineData("https://user@id.example.com")]
    [InlineData("https://id.example.com/?x")]
    [InlineData("https://id.example.com/#x")]
    public void An_address_is_a_URL_and_nothing_travels_readable_to_other_machines(string url)
    {
        foreach (var set in new Action<GatehouseClientOptions>[] { o => o.Authority = url, o => o.Rpc = url, o => o.Address = url })
        {
            var options = Good();
            set(options);
            Assert.True(new GatehouseClientOptionsCheck().Validate(name: null, options).Failed);
        }
    }

    [Fact]
    public void Cleartext_is_allowed_to_this_machine_or_where_it_is_asked_for()
    {
        var options = Good();
        options.Rpc = "http://127.0.0.1:8443";
        Assert.True(new GatehouseClientOptionsCheck().Validate(name: null, options).Succeeded);
        options.Rpc = "http://gatehouse:8443";
        options.AllowCleartext = true;
        Assert.True(new GatehouseClientOptionsCheck().Validate(name: null, options).Succeeded);
    }

    [Fact]
    public void Times_have_their_ranges()
    {
        foreach (
            var set in new Action<GatehouseClientOptions>[]
            {
                o => o.ClockSkew = TimeSpan.FromMinutes(5),
                o => o.ClockSkew = TimeSpan.FromSeconds(-1),
                o => o.AcceptUnchecked = TimeSpan.FromHours(1),
                o => o.UserMemory = TimeSpan.FromHours(1),
            }
        )
        {
            var options = Good();
            set(options);
            Assert.True(new GatehouseClientOptionsCheck().Validate(name: null, options).Failed);
        }
    }

    private static GatehouseClientOptions Good() =>
        new()
        {
            Authority = "https://id.example.com/",
            Rpc = "https://id.example.com:8443",
            ClientId = "shop",
            ClientSecret = "secret",
        };
}
