from sqlalchemy import ForeignKey, create_engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    posts: Mapped[list["Post"]] = relationship(back_populates="user", cascade="all, delete-orphan")


class Post(Base):
    __tablename__ = "post"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    user: Mapped[User] = relationship(back_populates="posts")


engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add_all([User(name="ann", posts=[Post(title="p1"), Post(title="p2")]), User(name="bob")])
    session.commit()
    query = select(User.name, func.count(Post.id)).outerjoin(Post).group_by(User.id).order_by(User.name)
    print(query)
    print(session.execute(query).all())
    print([p.title for p in session.scalars(select(Post).where(Post.title.like("%2"))).one().user.posts])
    session.add(User(name="ann"))
    try:
        session.commit()
    except IntegrityError as error:
        session.rollback()
        print(error.orig)
    session.delete(session.scalars(select(User).filter_by(name="ann")).one())
    session.commit()
    print(session.scalar(select(func.count()).select_from(Post)))
