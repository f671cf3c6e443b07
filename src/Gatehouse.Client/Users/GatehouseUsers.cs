using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Gatehouse.Client;

/// <summary>Asks Gatehouse, a hundred users at a time.</summary>
internal sealed class GatehouseUsers(GatehouseRpc rpc, IOptions<GatehouseClientOptions> options, TimeProvider clock) : IGatehouseUsers
{
    private const int PerCall = 100;

    // Longer than any address and any username.
    private const int MaxSignInName = 1000;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(3);

    private readonly RecentAnswers<Guid, GatehouseUser?> recent = new(clock, options.Value.UserMemory);
    private readonly Lock gate = new();
    private Batch? gathering;

    public Task<GatehouseUser?> GetAsync(Guid id, CancellationToken cancellationToken = default) =>
        recent.GetAsync(id, () => JoinAsync(id), cancellationToken);

    public async Task<IReadOnlyDictionary<Guid, GatehouseUser>> BatchGetAsync(
        IEnumerable<Guid> ids,
        CancellationToken cancellationToken = default
    )
    {
        var found = await Task.WhenAll(ids.Distinct().Select(id => GetAsync(id, cancellationToken)));
        return found.OfType<GatehouseUser>().ToDictionary(user => user.Id);
    }

    public Task<GatehouseUser?> LookupByEmailAsync(string email, CancellationToken cancellationToken = default) =>
        LookupAsync(email, new V1.LookupUsersRequest { Emails = { email } }, cancellationToken);

    public Task<GatehouseUser?> LookupByPhoneNumberAsync(string phoneNumber, CancellationToken cancellationToken = default) =>
        LookupAsync(phoneNumber, new V1.LookupUsersRequest { PhoneNumbers = { phoneNumber } }, cancellationToken);

    public Task<GatehouseUser?> LookupByUsernameAsync(string username, CancellationToken cancellationToken = default) =>
        LookupAsync(username, new V1.LookupUsersRequest { Usernames = { username } }, cancellationToken);

    private async Task<GatehouseUser?> LookupAsync(string typed, V1.LookupUsersRequest request, CancellationToken cancellationToken)
    {
        if (typed.Length > MaxSignInName)
            return null;
        try
        {
            var reply = await rpc.AskAsync(call => rpc.Users.LookupAsync(request, call)).WaitAsync(cancellationToken);
            return reply.Users.Count == 0 ? null : Describe(reply.Users[0]);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
        {
            // Nobody signs in with what is no address, no number and no username.
            return null;
        }
    }

    private async Task<GatehouseUser?> JoinAsync(Guid id)
    {
        Batch mine;
        lock (gate)
        {
            if (gathering is null || gathering.Ids.Count == PerCall)
                gathering = new Batch(SendAsync);
            mine = gathering;
            mine.Ids.Add(id);
        }

        return (await mine.Answer).GetValueOrDefault(id);
    }

    private async Task<Dictionary<Guid, GatehouseUser>> SendAsync(Batch batch)
    {
        await Task.Delay(Gathering, clock, CancellationToken.None);
        var request = new V1.BatchGetUsersRequest();
        lock (gate)
        {
            if (gathering == batch)
                gathering = null;
            request.Ids.AddRange(batch.Ids.Select(id => id.ToString()));
        }

        var reply = await rpc.AskAsync(call => rpc.Users.BatchGetAsync(request, call));
        return reply.Users.Select(Describe).ToDictionary(user => user.Id);
    }

    private static GatehouseUser Describe(V1.User user) =>
        new()
        {
            Id = Guid.Parse(user.Id),
            Name = user.Name,
            GivenName = user.HasGivenName ? user.GivenName : null,
            FamilyName = user.HasFamilyName ? user.FamilyName : null,
            Username = user.HasUsername ? user.Username : null,
            Email = user.HasEmail ? user.Email : null,
            EmailVerified = user.EmailVerified,
            PhoneNumber = user.HasPhoneNumber ? user.PhoneNumber : null,
            PhoneNumberVerified = user.PhoneNumberVerified,
            IsDisabled = user.Status == V1.User.Types.Status.Disabled,
            CreatedAt = user.CreatedAt.ToDateTimeOffset(),
        };

    private sealed class Batch
    {
        public Batch(Func<Batch, Task<Dictionary<Guid, GatehouseUser>>> send) => Answer = send(this);

        public HashSet<Guid> Ids { get; } = [];

        public Task<Dictionary<Guid, GatehouseUser>> Answer { get; }
    }
}
