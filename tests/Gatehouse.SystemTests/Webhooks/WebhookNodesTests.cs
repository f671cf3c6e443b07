using System.Collections.Concurrent;
using Gatehouse.Core.Tenants;
using Gatehouse.SystemTests.Harness;
using Gatehouse.Webhooks.Sending;

namespace Gatehouse.SystemTests.Webhooks;

/// <summary>Two nodes send from one queue.</summary>
public sealed class WebhookNodesTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private const int Users = 6;
    private const int Renames = 8;

    [Fact]
    public async Task Two_nodes_send_each_event_once_and_those_of_a_user_one_after_the_other()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var open = new ConcurrentDictionary<Guid, int>();
        var doubled = new ConcurrentBag<Guid>();
        receiver.Answer = async (http, received) =>
        {
            var subject = received.Event.GetProperty("subject").GetGuid();
            if (open.AddOrUpdate(subject, 1, (_, count) => count + 1) > 1)
                doubled.Add(subject);
            // The other node looks meanwhile.
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, http.RequestAborted);
            open.AddOrUpdate(subject, 0, (_, count) => count - 1);
        };
        var administrator = await nodes.App.TenantAdministratorAsync();
        var people = new List<SignedIn>();
        for (var i = 0; i < Users; i++)
            people.Add(await nodes[i].Users.SomebodyAsync());
        await nodes.App.QuietAsync();
        var webhook = await nodes.App.WebhookAsync(administrator, receiver.Url, organization: null, "user.updated.v1");
        // Within a second each node knows of the tenant's first webhook.
        for (var i = 0; i < 2; i++)
        {
            var known = nodes[i].Services.GetRequiredService<WebhookTenants>();
            await TestApp.EventuallyAsync(
                () => known.HasAsync(DefaultTenant.Id, CancellationToken.None).AsTask(),
                "the node knows of the webhook"
            );
        }

        await Task.WhenAll(
            people.Select(
                async (user, i) =>
                {
                    for (var n = 0; n < Renames; n++)
                        await nodes[i + n].RenameAsync(user, $"Grace {n}");
                }
            )
        );

        foreach (var user in people)
        {
            var versions = (await receiver.WaitAsync(user.UserId, Renames))
                .Select(r => r.Event.GetProperty("subjectversion").GetInt64())
                .ToList();
            Assert.Equal(versions.Order(), versions);
        }

        await TestApp.EventuallyAsync(
            () =>
                nodes.App.ScalarAsync<bool>(
                    "select not exists (select 1 from webhooks.deliveries where webhook = $1 and state <> 'delivered')",
                    webhook.Id
                ),
            "all are delivered"
        );
        Assert.Empty(doubled);
        Assert.Equal(Users * Renames, receiver.All.Count);
        Assert.Equal(
            Users * Renames,
            receiver.All.Select(r => r.Headers["webhook-id"].ToString()).Distinct(StringComparer.Ordinal).Count()
        );
        await nodes.App.AssertDoneAsync(HttpMethod.Delete, webhook.Path, administrator);
    }
}
