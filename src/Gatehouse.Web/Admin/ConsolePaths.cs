namespace Gatehouse.Web.Admin;

/// <summary>Where things are shown that pages of other modules link to; behind each stands the id.</summary>
public static class ConsolePaths
{
    public const string Users = ConsoleHome.Path + "/users";
    public const string Organizations = ConsoleHome.Path + "/organizations";
    public const string Clients = ConsoleHome.Path + "/clients";
    public const string Audit = ConsoleHome.Path + "/audit";

    public static string User(Guid id) => $"{Users}/{id}";

    public static string Client(Guid id) => $"{Clients}/{id}";

    public static string Record(Guid id) => $"{Audit}/{id}";
}
