using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Redis;
using StackExchange.Redis;

namespace Gatehouse.Tests.Core.Redis;

public class RedisOptionsTests
{
    [Fact]
    public void No_command_waits_for_a_server_that_is_away_or_longer_than_a_second()
    {
        var client = new RedisOptions { Servers = "one:6379, two:6380" }.Client();

        Assert.Equal((false, BacklogPolicy.FailFast), (client.AbortOnConnectFail, client.BacklogPolicy));
        Assert.All([client.AsyncTimeout, client.SyncTimeout, client.ConnectTimeout], timeout => Assert.InRange(timeout, 1, 1_000));
        Assert.Equal(2, client.EndPoints.Count);
        Assert.Equal((false, (string?)null, (string?)null, 0), (client.Ssl, client.User, client.Password, client.DefaultDatabase));
    }

    [Fact]
    public void User_password_database_and_tls_are_the_clients()
    {
        var client = new RedisOptions
        {
            Servers = "one:6379",
            Username = "gatehouse",
            Password = "secret",
            Security = "tls",
            Database = 3,
        }.Client();

        Assert.Equal((true, "gatehouse", "secret", 3), (client.Ssl, client.User, client.Password, client.DefaultDatabase));
    }

    [Theory]
    [InlineData("Security: must be plaintext or tls", "ssl", "", "")]
    [InlineData("Password: is required if a username is set", "tls", "somebody", "")]
    [InlineData("CaFile: must name a file that exists", "tls", "", "/nowhere/ca.pem")]
    [InlineData("Security: must be tls if a certificate is set", "plaintext", "", "/etc/passwd")]
    [InlineData("", "tls", "", "")]
    public void Settings_that_cannot_be_used_are_named(string errors, string security, string username, string file)
    {
        var options = new RedisOptions
        {
            Servers = "one:6379",
            Security = security,
            Username = username,
            CaFile = file,
        };

        Assert.Equal(errors, string.Join(", ", options.Check(SettingsMode.Production).Select(Text)));
    }

    [Fact]
    public void Options_of_the_client_are_none_of_ours() =>
        Assert.Equal("Servers: must be host:port, with commas between", Text(Assert.Single(Of("one:6379,abortConnect=true"))));

    private static IEnumerable<ValidationResult> Of(string servers) =>
        new RedisOptions { Servers = servers }.Check(SettingsMode.Production);

    private static string Text(ValidationResult error) => $"{error.MemberNames.Single()}: {error.ErrorMessage}";
}
